// Strokes of a signature as a picture, drawn large and sharp. What is signed is kept and hashed like any other picture.

export const PAD = { width: 1000, height: 360 } as const;

export async function drawSignature(strokes: readonly (readonly number[])[]): Promise<File> {
  const canvas = new OffscreenCanvas(PAD.width, PAD.height);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws no pictures");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, PAD.width, PAD.height);
  [pen.lineWidth, pen.lineCap, pen.lineJoin] = [6, "round", "round"];
  for (const stroke of strokes) {
    pen.beginPath();
    for (let at = 0; at + 1 < stroke.length; at += 2) pen.lineTo(stroke[at] as number, stroke[at + 1] as number);
    pen.stroke();
  }
  return new File([await canvas.convertToBlob({ type: "image/png" })], "signature.png", { type: "image/png" });
}
