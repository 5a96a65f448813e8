package dev.graft.data.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The two wide-spread JSON descriptions of image preprocessing: the image processors of
 * transformers, and the pretrained configuration of timm.
 */
final class PreprocessorConfig {
  private static final long MAXIMUM_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;
  private final String source;

  private PreprocessorConfig(JsonNode root, String source) {
    this.root = root;
    this.source = source;
  }

  static ImagePreprocessing read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAXIMUM_BYTES) {
        throw new DataException(
            "Cannot read " + file + ": expected at most 1 MiB of JSON, found " + size + " bytes.");
      }
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new DataException(
          "Cannot read the preprocessing description " + file + ": " + e.getMessage() + ".", e);
    }
  }

  static ImagePreprocessing parse(byte[] json, String source) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      throw new DataException(
          "Cannot read " + source + ": it is no valid JSON (" + firstLine(e) + ").", e);
    }
    if (root == null || !root.isObject()) {
      throw new DataException("Cannot read " + source + ": expected a JSON object.");
    }
    if (root.path("pretrained_cfg").isObject()) {
      root = root.path("pretrained_cfg");
    }
    PreprocessorConfig config = new PreprocessorConfig(root, source);
    try {
      return root.has("input_size") ? config.timm() : config.transformers();
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot use " + source + ": " + e.getMessage() + ".", e);
    }
  }

  static String write(ImagePreprocessing p) {
    ObjectNode json = JSON.createObjectNode();
    json.put("image_processor_type", "ImageProcessor");
    json.put("do_resize", true);
    ObjectNode size = json.putObject("size");
    if (p.resize() instanceof Resize.Exact exact) {
      size.put("height", exact.height()).put("width", exact.width());
    } else if (p.resize() instanceof Resize.ShorterSide shorter) {
      size.put("shortest_edge", shorter.pixels());
    }
    json.put("resample", p.interpolation() == Interpolation.BILINEAR ? 2 : 3);
    json.put("do_center_crop", true);
    json.putObject("crop_size").put("height", p.cropHeight()).put("width", p.cropWidth());
    json.put("do_rescale", true);
    json.put("rescale_factor", p.scale());
    json.put("do_normalize", true);
    putAll(json.putArray("image_mean"), p.mean());
    putAll(json.putArray("image_std"), p.deviation());
    json.put("channel_order", p.channelOrder().name().toLowerCase(Locale.ROOT));
    return json.toPrettyString().replace("\r\n", "\n") + "\n";
  }

  private static void putAll(ArrayNode array, List<Float> values) {
    values.forEach(value -> array.add(value));
  }

  private ImagePreprocessing transformers() {
    if (!flag("do_resize", true)) {
      throw unsupported("do_resize", "true: a backbone takes images of one size", "false");
    }
    JsonNode crop = root.path("crop_size");
    boolean crops = flag("do_center_crop", !crop.isMissingNode() && !crop.isNull());
    Resize resize = resize(required("size"), crops);
    int cropHeight;
    int cropWidth;
    if (crops) {
      JsonNode sizes = required("crop_size");
      cropHeight = sizes.isInt() ? sizes.intValue() : integer(sizes, "height", "crop_size");
      cropWidth = sizes.isInt() ? sizes.intValue() : integer(sizes, "width", "crop_size");
    } else if (resize instanceof Resize.Exact exact) {
      cropHeight = exact.height();
      cropWidth = exact.width();
    } else {
      // Without a crop the width would follow the image; every backbone of this kind is used with a
      // square.
      int side = ((Resize.ShorterSide) resize).pixels();
      cropHeight = side;
      cropWidth = side;
    }
    ChannelOrder order = channelOrder();
    float scale =
        flag("do_rescale", true) ? (float) root.path("rescale_factor").asDouble(1 / 255.0) : 1f;
    boolean normalises = flag("do_normalize", root.has("image_mean"));
    return new ImagePreprocessing(
        resize,
        cropHeight,
        cropWidth,
        interpolationByNumber(),
        order,
        scale,
        normalises ? floats("image_mean", order) : Collections.nCopies(order.channels(), 0f),
        normalises ? floats("image_std", order) : Collections.nCopies(order.channels(), 1f));
  }

  private Resize resize(JsonNode size, boolean crops) {
    if (size.isInt()) {
      // Older files: a bare number is the shorter edge where a crop follows, else the side of a
      // square.
      return crops
          ? new Resize.ShorterSide(size.intValue())
          : new Resize.Exact(size.intValue(), size.intValue());
    }
    if (size.has("shortest_edge")) {
      JsonNode cropFraction = root.path("crop_pct");
      int edge = integer(size, "shortest_edge", "size");
      if (cropFraction.isNumber() && !root.has("crop_size")) {
        // ConvNeXT: the edge is that of the crop, the image is brought to edge / crop_pct before.
        return new Resize.ShorterSide((int) (edge / cropFraction.asDouble()));
      }
      return new Resize.ShorterSide(edge);
    }
    return new Resize.Exact(integer(size, "height", "size"), integer(size, "width", "size"));
  }

  private ImagePreprocessing timm() {
    JsonNode inputSize = root.path("input_size");
    if (!inputSize.isArray() || inputSize.size() != 3) {
      throw unsupported("input_size", "[channels, height, width]", inputSize.toString());
    }
    int channels = inputSize.get(0).asInt();
    if (channels != 1 && channels != 3) {
      throw unsupported("input_size", "1 or 3 channels", inputSize.toString());
    }
    int height = inputSize.get(1).asInt();
    int width = inputSize.get(2).asInt();
    ChannelOrder order = channels == 1 ? ChannelOrder.GREY : ChannelOrder.RGB;
    double fraction = root.path("crop_pct").asDouble(ImagePreprocessing.DEFAULT_CROP_FRACTION);
    return new ImagePreprocessing(
        timmResize(height, width, fraction),
        height,
        width,
        interpolationByName(root.path("interpolation").asText("bilinear")),
        order,
        1f / 255,
        floats("mean", order),
        floats("std", order));
  }

  /**
   * timm's transforms_imagenet_eval: floor(size / crop_pct), the shorter side for squares
   * ("center"), both sides for "squash".
   */
  private Resize timmResize(int height, int width, double fraction) {
    if (!(fraction > 0 && fraction <= 1)) {
      throw unsupported("crop_pct", "more than 0, at most 1", Double.toString(fraction));
    }
    int resizedHeight = (int) Math.floor(height / fraction);
    int resizedWidth = (int) Math.floor(width / fraction);
    boolean squash = root.path("crop_mode").asText("center").equals("squash");
    return height == width && !squash
        ? new Resize.ShorterSide(resizedHeight)
        : new Resize.Exact(resizedHeight, resizedWidth);
  }

  private ChannelOrder channelOrder() {
    if (flag("do_flip_channel_order", false)) {
      return ChannelOrder.BGR;
    }
    String order = root.path("channel_order").asText("rgb");
    return switch (order.toLowerCase(Locale.ROOT)) {
      case "rgb" -> ChannelOrder.RGB;
      case "bgr" -> ChannelOrder.BGR;
      case "grey", "gray" -> ChannelOrder.GREY;
      default -> throw unsupported("channel_order", "rgb, bgr or grey", order);
    };
  }

  private Interpolation interpolationByNumber() {
    JsonNode resample = root.path("resample");
    if (resample.isTextual()) {
      return interpolationByName(resample.asText());
    }
    return switch (resample.asInt(2)) {
      case 2 -> Interpolation.BILINEAR;
      case 3 -> Interpolation.BICUBIC;
      default -> throw unsupported("resample", "2 (bilinear) or 3 (bicubic)", resample.toString());
    };
  }

  private Interpolation interpolationByName(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "bilinear", "linear", "random" -> Interpolation.BILINEAR;
      case "bicubic", "cubic" -> Interpolation.BICUBIC;
      default -> throw unsupported("interpolation", "bilinear or bicubic", name);
    };
  }

  private List<Float> floats(String field, ChannelOrder order) {
    JsonNode node = required(field);
    List<Float> values = new ArrayList<>();
    if (node.isNumber()) {
      values.addAll(Collections.nCopies(order.channels(), (float) node.asDouble()));
      return List.copyOf(values);
    }
    for (JsonNode value : node) {
      if (!value.isNumber()) {
        throw unsupported(field, "numbers", node.toString());
      }
      values.add((float) value.asDouble());
    }
    return List.copyOf(values);
  }

  private boolean flag(String field, boolean otherwise) {
    JsonNode node = root.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw unsupported(field, "true or false", node.toString());
    }
    return node.booleanValue();
  }

  private JsonNode required(String field) {
    JsonNode node = root.path(field);
    if (node.isMissingNode() || node.isNull()) {
      throw new DataException(
          "Cannot use "
              + source
              + ": the field \""
              + field
              + "\" is missing. Expected the preprocessor_config.json of an image model, or timm's pretrained_cfg.");
    }
    return node;
  }

  private int integer(JsonNode object, String field, String parent) {
    JsonNode node = object.path(field);
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw unsupported(parent, "an integer \"" + field + "\"", object.toString());
    }
    return node.intValue();
  }

  private DataException unsupported(String field, String expected, String found) {
    return new DataException(
        "Cannot use "
            + source
            + ": field \""
            + field
            + "\": expected "
            + expected
            + ", found "
            + found
            + ". Correct the file, or name a preset instead ("
            + String.join(", ", Presets.names())
            + ").");
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
  }
}
