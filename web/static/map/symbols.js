// The three verdicts and the case pins, drawn to be told apart without colour at 14 px. Fills come from the page's tokens.
const SIZE = 44;

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(paint) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  pen.lineWidth = 3;
  paint(pen, SIZE / 2);
  return pen.getImageData(0, 0, SIZE, SIZE);
}

function sign(pen, words, colour, y = 0) {
  pen.fillStyle = colour;
  pen.font = '700 24px "Be Vietnam Pro", sans-serif';
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(words, SIZE / 2, SIZE / 2 + 1 + y);
}

export function addSymbols(map) {
  const images = {
    flagged: draw((pen, m) => {
      pen.beginPath();
      pen.moveTo(m, 3); pen.lineTo(SIZE - 3, m); pen.lineTo(m, SIZE - 3); pen.lineTo(3, m); pen.closePath();
      pen.fillStyle = token("--flag"); pen.fill(); pen.strokeStyle = "#fff"; pen.stroke();
      sign(pen, "!", "#fff");
    }),
    undetermined: draw((pen, m) => {
      pen.beginPath(); pen.arc(m, m, m - 3, 0, 7); pen.fillStyle = "#fff"; pen.fill();
      pen.beginPath(); pen.setLineDash([8, 5]); pen.lineWidth = 4; pen.arc(m, m, m - 6, 0, 7); pen.strokeStyle = token("--undet"); pen.stroke();
      sign(pen, "?", token("--undet"));
    }),
    compliant: draw((pen) => {
      pen.fillStyle = "#fff"; pen.fillRect(5, 5, SIZE - 10, SIZE - 10);
      pen.strokeStyle = token("--ok"); pen.lineWidth = 4; pen.strokeRect(7, 7, SIZE - 14, SIZE - 14);
      pen.beginPath(); pen.moveTo(14, 23); pen.lineTo(20, 29); pen.lineTo(31, 16); pen.stroke();
    }),
    "case-open": pin("--ink", null), "case-late": pin("--ink", "--late"), "case-closed": pin("#fff", null, "--ink"),
    camera: draw((pen, m) => {
      pen.beginPath(); pen.arc(m, m, 16, 0, 7); pen.fillStyle = token("--local"); pen.fill(); pen.strokeStyle = "#fff"; pen.stroke();
      pen.fillStyle = "#fff"; pen.fillRect(m - 9, m - 5, 12, 10);
      pen.beginPath(); pen.moveTo(m + 4, m); pen.lineTo(m + 10, m - 5); pen.lineTo(m + 10, m + 5); pen.closePath(); pen.fill();
    }),
  };
  for (const [name, image] of Object.entries(images)) if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: 2 });
}

function pin(fill, ring, edge) {
  return draw((pen, m) => {
    const shape = new Path2D("M22 42S8 28 8 17a14 14 0 0 1 28 0C36 28 22 42 22 42z");
    pen.fillStyle = fill.startsWith("--") ? token(fill) : fill;
    pen.fill(shape);
    pen.strokeStyle = ring ? token(ring) : edge ? token(edge) : "#fff";
    pen.lineWidth = ring ? 5 : 3;
    pen.stroke(shape);
    pen.beginPath(); pen.arc(m, 17, 4.5, 0, 7); pen.fillStyle = edge ? token(edge) : "#fff"; pen.fill();
  });
}
