package dev.graft.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The new head: fully connected layers with rectifiers between them, the last one of which has one
 * output per class.
 *
 * @param hiddenWidths widths of the layers before the last; empty for a single linear layer
 */
public record HeadArchitecture(List<Integer> hiddenWidths) {
  private static final int MAXIMUM_WIDTH = 65_536;
  private static final int MAXIMUM_LAYERS = 8;
  private static final String LINEAR = "linear";

  /** Copies the list and checks the widths. */
  public HeadArchitecture {
    hiddenWidths = List.copyOf(hiddenWidths);
    if (hiddenWidths.size() > MAXIMUM_LAYERS) {
      throw invalid(hiddenWidths.toString());
    }
    for (int width : hiddenWidths) {
      if (width < 1 || width > MAXIMUM_WIDTH) {
        throw invalid(hiddenWidths.toString());
      }
    }
  }

  /** One new layer. */
  public static HeadArchitecture linear() {
    return new HeadArchitecture(List.of());
  }

  /** Several new layers: hidden ones of the given widths and the output layer. */
  public static HeadArchitecture layers(Integer... hiddenWidths) {
    return new HeadArchitecture(List.of(hiddenWidths));
  }

  /**
   * Reads "linear" or the hidden widths, as in "256,64".
   *
   * @throws TransferException for anything else
   */
  public static HeadArchitecture parse(String text) {
    if (text.trim().equalsIgnoreCase(LINEAR)) {
      return linear();
    }
    List<Integer> widths = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        widths.add(Integer.parseInt(part.trim()));
      } catch (NumberFormatException noNumber) {
        throw invalid(text);
      }
    }
    return new HeadArchitecture(widths);
  }

  private static TransferException invalid(String found) {
    return new TransferException(
        TransferException.Cause.SETTINGS,
        "Choosing the head: expected \"linear\" or up to "
            + MAXIMUM_LAYERS
            + " widths from 1 to "
            + MAXIMUM_WIDTH
            + " such as \"256,64\", found \""
            + found
            + "\".");
  }

  /** Whether the head is a single linear layer. */
  public boolean isLinear() {
    return hiddenWidths.isEmpty();
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    return isLinear()
        ? LINEAR
        : hiddenWidths.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
