package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What is odd about the data; nothing of it was changed.
 *
 * @param suspectLabels examples whose class is likely wrong, the likeliest first
 * @param duplicates groups of examples that are nearly the same
 * @param outliers examples unlike all others, the oddest first
 * @param cues properties of the examples that tell the class without their content
 * @param remarks what else there is to say, in sentences: imbalance, small classes
 */
public record DataFindings(
    List<SuspectLabel> suspectLabels,
    List<DuplicateGroup> duplicates,
    List<Outlier> outliers,
    List<Cue> cues,
    List<String> remarks) {
  /** Copies the lists. */
  public DataFindings {
    suspectLabels = List.copyOf(suspectLabels);
    duplicates = List.copyOf(duplicates);
    outliers = List.copyOf(outliers);
    cues = List.copyOf(cues);
    remarks = List.copyOf(remarks);
  }

  /** Whether nothing was found that somebody should look at. */
  boolean isClean() {
    return suspectLabels.isEmpty() && duplicates.isEmpty() && outliers.isEmpty() && cues.isEmpty();
  }

  /** The same for programs, as metrics.json holds it under "data". */
  public ObjectNode toJson() {
    return DataFindingsJson.of(this);
  }

  /**
   * A label that is likely wrong (confident learning, Northcutt et al. 2021).
   *
   * @param id identifier of the example
   * @param label its class in the data
   * @param suggested the class that it looks like
   * @param probability out-of-fold probability of its label
   * @param suggestedProbability out-of-fold probability of the suggested class
   */
  public record SuspectLabel(
      String id, String label, String suggested, double probability, double suggestedProbability) {}

  /**
   * Examples that are nearly the same.
   *
   * @param members the examples
   * @param acrossClasses whether they have different labels
   * @param acrossParts whether they lie in different parts of the data
   * @param acrossSplits whether training did not know of all of it, so that its own splits may have
   *     held out some of the training examples and trained on others
   */
  public record DuplicateGroup(
      List<Member> members, boolean acrossClasses, boolean acrossParts, boolean acrossSplits) {
    /** Copies the list. */
    public DuplicateGroup {
      members = List.copyOf(members);
    }

    /** Whether some of them lie in a part and others do not. */
    boolean reachesInto(String part) {
      return acrossParts && members.stream().anyMatch(member -> member.part().equals(part));
    }
  }

  /** An example in a group; the part is "train", "validation" or "test". */
  public record Member(String id, String label, String part) {}

  /**
   * An example unlike all others.
   *
   * @param distance mean cosine distance of the centred features to its nearest neighbours, 0 to 2
   * @param usual the distance that 95 % of the examples stay below
   */
  public record Outlier(String id, String label, double distance, double usual) {}

  /**
   * A property of the examples that tells the class without their content.
   *
   * @param name such as brightness, sharpness and size of images, loudness and duration of
   *     recordings
   * @param accuracy cross-validated balanced accuracy of a classifier that knows only this
   * @param chance balanced accuracy of guessing
   * @param pValue probability of such an accuracy by chance, times the properties looked at
   * @param sentence for people
   */
  public record Cue(String name, double accuracy, double chance, double pValue, String sentence) {}
}
