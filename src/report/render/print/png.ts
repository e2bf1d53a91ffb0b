import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { assetPath } from './assets.ts';

/** Package and path of the renderer's code, which deploy/aws/bundle.ts copies. */
export const RENDERER_FILE = '@resvg/resvg-wasm/index_bg.wasm';

/** Pixels of a picture per pixel of the page, for sharp pictures on high-density screens. */
const DENSITY = 2;

/**
 * Returns SVG drawings as PNG, for mail programs that show no SVG. The drawings must have their colours in attributes
 * and contain no text, because the renderer has neither stylesheets nor fonts.
 */
export async function toPng(drawings: readonly string[]): Promise<Uint8Array[]> {
  if (drawings.length === 0) return [];
  const { Resvg } = await load();
  return drawings.map((svg) => {
    const drawing = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: DENSITY },
      font: { loadSystemFonts: false },
    });
    const picture = drawing.render();
    // The garbage collector does not free the memory of the renderer.
    try {
      return picture.asPng();
    } finally {
      picture.free();
      drawing.free();
    }
  });
}

type Renderer = typeof import('@resvg/resvg-wasm');

let loading: Promise<Renderer> | undefined;

/** Initialises the renderer once per process, because a second time fails. A failed attempt may be repeated. */
function load(): Promise<Renderer> {
  loading ??= initialise().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function initialise(): Promise<Renderer> {
  const renderer = await import('@resvg/resvg-wasm');
  const path = assetPath(basename(RENDERER_FILE), () => import.meta.resolve(RENDERER_FILE));
  await renderer.initWasm(await readFile(path));
  return renderer;
}
