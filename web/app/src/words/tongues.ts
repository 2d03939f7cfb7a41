// Which parts of a text are Vietnamese, told by letters that no other language of the product has: laws, registers and pictures
// keep the names they were given, and a screen reader must know in which language to read them. Pure.

export interface Piece {
  text: string;
  /** Of the text, where it is known to differ; undefined is the page's own. */
  lang?: "vi";
}

const VIETNAMESE = /[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/i;
const BETWEEN = /(\s*[,;·()]\s*)/;

/** The language of a text as a whole. */
export function tongueOf(text: string): "vi" | undefined {
  return VIETNAMESE.test(text.normalize("NFC")) ? "vi" : undefined;
}

/** Runs of one language; a sign between two parts goes with the one before it. On a Vietnamese page nothing is to be said. */
export function splitTongues(text: string, page: string): Piece[] {
  if (page === "vi" || !tongueOf(text)) return [{ text }];
  const pieces: Piece[] = [];
  for (const [index, part] of text.split(BETWEEN).entries()) {
    const last = pieces.at(-1);
    const lang = index % 2 ? last?.lang : tongueOf(part);
    if (last && (last.lang === lang || !part)) last.text += part;
    else if (part) pieces.push(lang ? { text: part, lang } : { text: part });
  }
  return pieces;
}
