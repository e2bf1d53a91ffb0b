/**
 * Writes paths in few characters: whole units, relative, one segment for points on one straight line. A page has
 * hundreds of lines with hundreds of points each; this reduces it to a quarter of the size. The methods are those that
 * d3-shape calls on a canvas context for straight lines.
 */
export type CompactPath = {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  toString(): string;
};

export function compactPath(): CompactPath {
  let written = '';
  let at = { x: 0, y: 0 };
  let pending: { dx: number; dy: number } | null = null;

  const pair = (x: number, y: number) => `${x}${y < 0 ? '' : ' '}${y}`;
  const flush = () => {
    if (pending === null) return;
    const { dx, dy } = pending;
    written += dy === 0 ? `h${dx}` : dx === 0 ? `v${dy}` : `l${pair(dx, dy)}`;
    pending = null;
  };

  return {
    moveTo(x, y) {
      flush();
      at = { x: Math.round(x), y: Math.round(y) };
      written += `M${pair(at.x, at.y)}`;
    },
    lineTo(x, y) {
      const to = { x: Math.round(x), y: Math.round(y) };
      const step = { dx: to.x - at.x, dy: to.y - at.y };
      at = to;
      if (pending !== null && sameDirection(pending, step)) {
        pending = { dx: pending.dx + step.dx, dy: pending.dy + step.dy };
        return;
      }
      flush();
      pending = step;
    },
    closePath() {
      flush();
      written += 'z';
    },
    toString() {
      flush();
      return written;
    },
  };
}

function sameDirection(a: { dx: number; dy: number }, b: { dx: number; dy: number }): boolean {
  return a.dx * b.dy === a.dy * b.dx && a.dx * b.dx >= 0 && a.dy * b.dy >= 0;
}
