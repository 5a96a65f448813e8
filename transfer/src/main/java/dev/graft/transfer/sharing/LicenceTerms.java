package dev.graft.transfer.sharing;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a backbone's licence says about sharing what was made from it. A reading of well-known
 * licences for people who share models, and no legal advice.
 *
 * @param licence as the backbone states it
 * @param obstacle why it may not be shared; empty if it may
 * @param condition under what it may be; empty where there is nothing to know
 */
record LicenceTerms(String licence, Optional<String> obstacle, Optional<String> condition) {
  static final String UNKNOWN = "unknown";

  private static final Pattern NO_DERIVATIVES = Pattern.compile("(^|-)nd(-|$)");
  private static final Pattern NON_COMMERCIAL = Pattern.compile("(^|-)nc(-|$)");
  private static final Pattern SHARE_ALIKE =
      Pattern.compile("(^|-)sa(-|$)|^(a|l)?gpl(-|$)|^mpl-|^epl-");

  /** Licences that ask for their own text and the names of the authors to go along. */
  private static final Pattern PERMISSIVE =
      Pattern.compile(
          "apache-2\\.0|mit|bsd(-.*)?|isc|ncsa|zlib|unlicense|wtfpl|cc0-1\\.0|cc-by-\\d\\.\\d"
              + "|artistic-2\\.0|pddl|afl-3\\.0|ecl-2\\.0|postgresql|bsl-1\\.0");

  private static final Set<String> USE_RESTRICTED =
      Set.of("openrail", "openrail++", "bigscience-openrail-m", "creativeml-openrail-m");

  /** Of a backbone's licence; empty where it states none. */
  static LicenceTerms of(Optional<String> stated) {
    String licence = stated.map(String::strip).filter(text -> !text.isEmpty()).orElse(UNKNOWN);
    String word = licence.toLowerCase(Locale.ROOT);
    if (word.equals(UNKNOWN)) {
      return forbidden(
          licence, "the backbone states no licence, and without one nobody may share it");
    }
    if (word.startsWith("cc-by") && NO_DERIVATIVES.matcher(word).find()) {
      return forbidden(
          licence,
          "the backbone's licence, " + licence + ", does not allow to share what was made from it");
    }
    if (word.startsWith("cc-by") && NON_COMMERCIAL.matcher(word).find()) {
      return allowed(licence, "It may not be used commercially, as its backbone may not.");
    }
    if (SHARE_ALIKE.matcher(word).find()) {
      return allowed(licence, "Whoever shares it again must do so under the same licence.");
    }
    if (USE_RESTRICTED.contains(word)) {
      return allowed(
          licence, "The restrictions of use in the backbone's licence hold for it, too.");
    }
    if (PERMISSIVE.matcher(word).matches()) {
      return new LicenceTerms(licence, Optional.empty(), Optional.empty());
    }
    return forbidden(
        licence,
        "what the backbone's licence, \"" + licence + "\", says about sharing is not known here");
  }

  /** Of weights that are nobody else's: what was trained from fresh ones. */
  static LicenceTerms ofOwnWeights(Optional<String> stated) {
    return new LicenceTerms(stated.orElse(UNKNOWN), Optional.empty(), Optional.empty());
  }

  private static LicenceTerms allowed(String licence, String condition) {
    return new LicenceTerms(licence, Optional.empty(), Optional.of(condition));
  }

  private static LicenceTerms forbidden(String licence, String obstacle) {
    return new LicenceTerms(licence, Optional.of(obstacle), Optional.empty());
  }
}
