import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { assetPath } from './assets.ts';

/** The renderer's code, as package and path; deploy/aws/bundle.ts takes it along. */
export const RENDERER_FILE = '@resvg/resvg-wasm/index_bg.wasm';

/** Two pixels of the picture to one of the page: sharp on the screens that most people have. */
const DENSITY = 2;

/**
 * Drawings as PNG, for where no SVG is shown. They have their colours in attributes, since there are no stylesheets
 * here, and no text, since there are no fonts.
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
    // What lies in the renderer's memory is not found by the garbage collector.
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

/** Once per process: it cannot be initialised twice. A failed attempt is forgotten. */
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
