// One-dimensional codes of bottles and cases, read from the pixels of a picture: EAN, UPC, ITF-14 and Code 128.
import BarcodeFormat from "@zxing/library/es2015/core/BarcodeFormat.js";
import BinaryBitmap from "@zxing/library/es2015/core/BinaryBitmap.js";
import DecodeHintType from "@zxing/library/es2015/core/DecodeHintType.js";
import HybridBinarizer from "@zxing/library/es2015/core/common/HybridBinarizer.js";
import MultiFormatOneDReader from "@zxing/library/es2015/core/oned/MultiFormatOneDReader.js";
import RGBLuminanceSource from "@zxing/library/es2015/core/RGBLuminanceSource.js";

const hints = new Map([
  [DecodeHintType.POSSIBLE_FORMATS, [BarcodeFormat.EAN_13, BarcodeFormat.EAN_8, BarcodeFormat.UPC_A, BarcodeFormat.ITF, BarcodeFormat.CODE_128]],
  [DecodeHintType.TRY_HARDER, true],
]);
const reader = new MultiFormatOneDReader(hints);

/** The code in `image` (ImageData), empty where there is none. */
export function read(image) {
  const { data, width, height } = image;
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0, from = 0; at < grey.length; at += 1, from += 4) grey[at] = (data[from] * 306 + data[from + 1] * 601 + data[from + 2] * 117) >> 10;
  try {
    return reader.decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, height))), hints).getText();
  } catch {
    return "";
  }
}
