package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.Part;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Data that were spoilt on purpose: some training labels are wrong, and the test part holds copies
 * of some training images, cropped by 2 to 4 % on each side, resized to 90 % and saved as JPEG.
 *
 * @param dataset what the doctor sees
 * @param flipped ids of the training examples with a wrong label
 * @param copies ids of the test examples that are copies, with those of their originals
 */
record SpoiltData(Dataset dataset, Set<String> flipped, Map<String, String> copies) {
  private static final double FLIPPED = 0.05;
  private static final double COPIED = 0.03;
  private static final int TEST_IMAGES = 200;
  private static final double SMALLER = 0.9;
  private static final float JPEG_QUALITY = 0.75f;

  /**
   * Writes a sample of an archive below a folder, spoilt by a seed.
   *
   * @param perClass training images of each class, at most
   */
  static SpoiltData write(Path archive, Path folder, int perClass, long seed) {
    Folders.delete(folder);
    Random random = new Random(seed);
    Dataset original = DatasetReader.read(archive);
    List<Example> train = new ArrayList<>();
    for (String label : original.classes()) {
      List<Example> own =
          new ArrayList<>(
              original.part(Part.TRAIN).stream().filter(e -> e.label().equals(label)).toList());
      Collections.shuffle(own, random);
      train.addAll(own.subList(0, Math.min(perClass, own.size())));
    }
    Collections.shuffle(train, random);
    int flips = (int) Math.round(FLIPPED * train.size());
    Set<String> flipped = new HashSet<>();
    Map<String, String> copies = new HashMap<>();
    int copied = (int) Math.round(COPIED * train.size());
    for (int i = 0; i < train.size(); i++) {
      Example one = train.get(i);
      String label = i < flips ? other(original.classes(), one.label(), random) : one.label();
      String id = write(folder, "train/" + label, one, i);
      if (i < flips) {
        flipped.add(id);
      }
      if (i >= train.size() - copied) {
        copies.put(copy(folder, "test/" + one.label(), one, i, random), id);
      }
    }
    List<Example> test = new ArrayList<>(original.part(Part.TEST));
    Collections.shuffle(test, random);
    for (int i = 0; i < Math.min(TEST_IMAGES, test.size()); i++) {
      write(folder, "test/" + test.get(i).label(), test.get(i), i);
    }
    return new SpoiltData(DatasetReader.read(folder), flipped, copies);
  }

  private static String other(List<String> classes, String label, Random random) {
    List<String> others = classes.stream().filter(one -> !one.equals(label)).toList();
    return others.get(random.nextInt(others.size()));
  }

  private static String write(Path folder, String place, Example example, int number) {
    String name = example.id().substring(example.id().lastIndexOf('/') + 1);
    String id = place + "/" + number + "-" + name;
    try {
      Path file = folder.resolve(id);
      Files.createDirectories(file.getParent());
      Files.write(file, example.source().read());
      return id;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String copy(
      Path folder, String place, Example example, int number, Random random) {
    String id = place + "/copy-" + number + ".jpg";
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(example.source().read()));
      int left = margin(image.getWidth(), random);
      int right = margin(image.getWidth(), random);
      int top = margin(image.getHeight(), random);
      int bottom = margin(image.getHeight(), random);
      int width = (int) Math.round(SMALLER * image.getWidth());
      int height = (int) Math.round(SMALLER * image.getHeight());
      BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = smaller.createGraphics();
      pen.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      pen.drawImage(
          image,
          0,
          0,
          width,
          height,
          left,
          top,
          image.getWidth() - right,
          image.getHeight() - bottom,
          null);
      pen.dispose();
      Path file = folder.resolve(id);
      Files.createDirectories(file.getParent());
      writeJpeg(smaller, file);
      return id;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int margin(int length, Random random) {
    return (int) Math.round(length * (0.02 + 0.02 * random.nextDouble()));
  }

  private static void writeJpeg(BufferedImage image, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
    } finally {
      writer.dispose();
    }
  }
}
