package dev.graft.transfer.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LicenceTermsTest {
  private static LicenceTerms of(String licence) {
    return LicenceTerms.of(Optional.of(licence));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"apache-2.0", "MIT", "bsd-3-clause", "cc0-1.0", "cc-by-4.0", "unlicense", "isc"})
  void of_permissiveLicence_allowsWithoutCondition(String licence) {
    assertThat(of(licence).obstacle()).isEmpty();
    assertThat(of(licence).condition()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cc-by-nc-4.0, used commercially",
    "cc-by-nc-sa-4.0, used commercially",
    "cc-by-sa-4.0, same licence",
    "gpl-3.0, same licence",
    "agpl-3.0, same licence",
    "lgpl-2.1, same licence",
    "mpl-2.0, same licence",
    "openrail, restrictions of use"
  })
  void of_licenceWithAsking_saysWhat(String licence, String condition) {
    assertThat(of(licence).obstacle()).isEmpty();
    assertThat(of(licence).condition().orElse("")).contains(condition);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cc-by-nd-4.0", "cc-by-nc-nd-4.0", "CC-BY-NC-ND-3.0"})
  void of_licenceWithoutDerivatives_forbids(String licence) {
    assertThat(of(licence).obstacle().orElse("")).contains("does not allow to share");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "imagenet-research-only", "dinov3-license", "my own", "mit-ish"})
  void of_licenceThatIsNotKnown_forbids(String licence) {
    assertThat(of(licence).obstacle().orElse("")).contains(licence, "is not known here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "unknown", "Unknown"})
  void of_noLicence_forbids(String licence) {
    assertThat(of(licence).obstacle().orElse("")).contains("states no licence");
  }

  @Test
  void ofOwnWeights_withoutLicence_isForTheirOwnerToSay() {
    assertThat(LicenceTerms.ofOwnWeights(Optional.empty()).obstacle()).isEmpty();
    assertThat(LicenceTerms.ofOwnWeights(Optional.empty()).licence()).isEqualTo("unknown");
  }
}
