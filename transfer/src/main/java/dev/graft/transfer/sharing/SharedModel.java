package dev.graft.transfer.sharing;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * What of a model leaves the machine.
 *
 * @param folder holds it
 * @param sizes of its files in bytes, by path with slashes
 * @param licence that the card states
 * @param leftOut what stays here, one sentence each
 * @param remarks what whoever shares it should know
 */
public record SharedModel(
    Path folder,
    SortedMap<String, Long> sizes,
    String licence,
    List<String> leftOut,
    List<String> remarks) {
  /** Copies the lists. */
  public SharedModel {
    leftOut = List.copyOf(leftOut);
    remarks = List.copyOf(remarks);
  }
}
