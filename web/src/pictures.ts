/** No page shows a photograph larger than this (crates/app/src/files/pictures.rs). */
const LONGEST_SIDE = 1600;

/** Makes photographs as small as they will be shown before they are sent: over a poor line a phone's takes minutes otherwise. */
export function shrinkPictures(boxes: HTMLInputElement[]): void {
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const [picture] = box.files ?? [];
      if (picture) void shrink(picture).then((small) => small && put(box, picture, small)).catch(() => undefined);
    });
  }
}

async function shrink(picture: File): Promise<Blob | undefined> {
  const drawn = await createImageBitmap(picture, { imageOrientation: "from-image" });
  const by = LONGEST_SIDE / Math.max(drawn.width, drawn.height);
  if (by >= 1) return undefined;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(drawn.width * by);
  canvas.height = Math.round(drawn.height * by);
  const brush = canvas.getContext("2d");
  if (!brush) return undefined;
  // JPEG knows no glass.
  brush.fillStyle = "#FFFFFF";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return small && small.size < picture.size ? small : undefined;
}

function put(box: HTMLInputElement, picture: File, small: Blob): void {
  // Another may have been chosen meanwhile.
  if (box.files?.[0] !== picture) return;
  const chosen = new DataTransfer();
  chosen.items.add(new File([small], `${picture.name.replace(/\.\w+$/, "")}.jpg`, { type: small.type }));
  box.files = chosen.files;
}
