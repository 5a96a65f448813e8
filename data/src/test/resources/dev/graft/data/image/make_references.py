"""Makes the reference files of this folder: images by Pillow, resampled values by ONNX Runtime.

Run in this folder with pillow, numpy, onnx and onnxruntime installed (made with Pillow 12, onnxruntime 1.30).

Images: 48 x 32 pixels, red = 5 x, green = 7 y, blue = 3 (x + y), so that a test knows each pixel.
resize.txt: one case per line: mode policy height width size0 size1 cubic_coeff_a out_height out_width, then 24 values of the result at
equal steps. The source is filled from the generator s = s * 6364136223846793005 + 1442695040888963407 (mod 2^64), seeded with
height * 1000 + width, one sample of s >> 56 each, [height, width, 3].
"""
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from PIL import Image


def images():
    y, x = np.mgrid[0:32, 0:48]
    rgb = np.stack([x * 5, y * 7, (x + y) * 3], -1).astype(np.uint8)
    image = Image.fromarray(rgb)
    image.convert("CMYK").save("cmyk.jpg", quality=98, subsampling=0)
    image.convert("CMYK").save("cmyk.tif", compression="tiff_lzw")
    image.save("progressive.jpg", progressive=True, quality=98, subsampling=0)
    image.save("lossless.webp", lossless=True)
    image.save("lossy.webp", quality=100)
    image.save("rgb.tif", compression="tiff_lzw")
    image.quantize(256).save("palette.png")
    image.convert("RGBA").save("alpha.png")
    image.save("odd-profile.png", icc_profile=b"no profile")
    grey = Image.fromarray((x * 5).astype(np.uint8))
    grey.save("grey.jpg", quality=100)
    Image.fromarray((x * 5).astype(np.uint16) * 257).save("grey16.png")
    Image.fromarray((x * 5).astype(np.uint16) * 257).save("grey16.tif")
    Image.fromarray(x.astype(np.float32)).save("float.tif")
    image.save("animated.gif", save_all=True, append_images=[Image.fromarray(255 - rgb)], duration=100)
    image.save("animated.webp", lossless=True, save_all=True, append_images=[Image.fromarray(255 - rgb)], duration=100)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[274] = orientation
        image.save(f"exif{orientation}.jpg", exif=exif, quality=98, subsampling=0)


def session(mode, policy, coefficient):
    node = helper.make_node(
        "Resize", ["x", "", "", "size"], ["y"], mode=mode, antialias=1, axes=[2, 3],
        coordinate_transformation_mode="half_pixel", keep_aspect_ratio_policy=policy, cubic_coeff_a=coefficient)
    graph = helper.make_graph(
        [node], "resize",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", "c", "h", "w"]),
         helper.make_tensor_value_info("size", TensorProto.INT64, [2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def source(height, width):
    out = np.empty(height * width * 3, np.uint8)
    state = height * 1000 + width
    for i in range(out.size):
        state = (state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        out[i] = state >> 56
    return out.reshape(height, width, 3).transpose(2, 0, 1)[None].astype(np.float32)


def resampled():
    lines = []
    for height, width in [(37, 53), (53, 37), (64, 64), (10, 100), (375, 500), (333, 501), (28, 28), (7, 5), (1, 1)]:
        for n in [17, 48, 256]:
            for mode, policy, size, coefficient in [
                ("linear", "not_smaller", [n, n], -0.5), ("linear", "stretch", [n, n + 5], -0.5),
                ("cubic", "not_smaller", [n, n], -0.5), ("cubic", "stretch", [n, n + 3], -0.75)]:
                y = session(mode, policy, coefficient).run(
                    None, {"x": source(height, width), "size": np.array(size, np.int64)})[0][0]
                flat = y.reshape(-1)
                values = flat[np.arange(24) * flat.size // 24]
                lines.append(" ".join(map(str, [mode, policy, height, width, *size, coefficient, *y.shape[1:]]))
                             + " " + " ".join(f"{v:.4f}" for v in values))
    with open("resize.txt", "w", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


images()
resampled()
