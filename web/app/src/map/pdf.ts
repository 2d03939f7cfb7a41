// One picture on one page, as PDF 1.4: nothing but the page, its size in points, and the picture as JPEG. Pure.

export interface Page {
  jpeg: Uint8Array;
  widthPx: number;
  heightPx: number;
  title: string;
}

const A4_PT = [842, 595] as const;
const MARGIN_PT = 24;

/** The bytes of the file. The page is A4, lying or standing as the picture does; the picture keeps its shape. */
export function makePdf({ jpeg, widthPx, heightPx, title }: Page): Uint8Array {
  const [width, height] = widthPx >= heightPx ? A4_PT : ([A4_PT[1], A4_PT[0]] as const);
  const scale = Math.min((width - 2 * MARGIN_PT) / widthPx, (height - 2 * MARGIN_PT) / heightPx);
  const [w, h] = [widthPx * scale, heightPx * scale];
  const draw = `q ${w.toFixed(2)} 0 0 ${h.toFixed(2)} ${((width - w) / 2).toFixed(2)} ${((height - h) / 2).toFixed(2)} cm /P Do Q`;
  const objects: (string | [string, Uint8Array])[] = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Resources<</XObject<</P 5 0 R>>>>/Contents 4 0 R>>`,
    `<</Length ${draw.length}>>\nstream\n${draw}\nendstream`,
    [`<</Type/XObject/Subtype/Image/Width ${widthPx}/Height ${heightPx}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${jpeg.length}>>\nstream\n`, jpeg],
    `<</Title ${utf16Hex(title)}>>`,
  ];
  return assemble(objects);
}

function assemble(objects: (string | [string, Uint8Array])[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const starts: number[] = [];
  let length = 0;
  const put = (part: string | Uint8Array): void => {
    const bytes = typeof part === "string" ? encoder.encode(part) : part;
    parts.push(bytes);
    length += bytes.length;
  };
  put("%PDF-1.4\n");
  objects.forEach((object, index) => {
    starts.push(length);
    put(`${index + 1} 0 obj\n`);
    if (typeof object === "string") put(object);
    else { put(object[0]); put(object[1]); put("\nendstream"); }
    put("\nendobj\n");
  });
  const table = length;
  put(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`);
  for (const start of starts) put(`${String(start).padStart(10, "0")} 00000 n \n`);
  put(`trailer\n<</Size ${objects.length + 1}/Root 1 0 R/Info ${objects.length} 0 R>>\nstartxref\n${table}\n%%EOF\n`);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

function utf16Hex(text: string): string {
  return `<FEFF${[...Array(text.length).keys()].map((i) => text.charCodeAt(i).toString(16).padStart(4, "0").toUpperCase()).join("")}>`;
}
