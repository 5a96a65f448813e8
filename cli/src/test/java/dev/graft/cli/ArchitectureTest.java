package dev.graft.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which module may use which, and which heavy dependency belongs to which module alone. */
@AnalyzeClasses(packages = "dev.graft", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  // --- modules -----------------------------------------------------------------------------------

  @ArchTest
  static final ArchRule ONNX_USES_NO_OTHER_MODULE =
      noClasses()
          .that()
          .resideInAPackage("dev.graft.onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.graft.engine..",
              "dev.graft.data..",
              "dev.graft.runtime..",
              "dev.graft.transfer..",
              "dev.graft.zoo..",
              "dev.graft.cli..");

  @ArchTest
  static final ArchRule ENGINE_USES_ONNX_ONLY =
      noClasses()
          .that()
          .resideInAPackage("dev.graft.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.graft.data..",
              "dev.graft.runtime..",
              "dev.graft.transfer..",
              "dev.graft.zoo..",
              "dev.graft.cli..");

  @ArchTest
  static final ArchRule DATA_USES_NO_OTHER_MODULE =
      noClasses()
          .that()
          .resideInAPackage("dev.graft.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.graft.onnx..",
              "dev.graft.engine..",
              "dev.graft.runtime..",
              "dev.graft.transfer..",
              "dev.graft.zoo..",
              "dev.graft.cli..");

  @ArchTest
  static final ArchRule RUNTIME_USES_DATA_ONLY =
      noClasses()
          .that()
          .resideInAPackage("dev.graft.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.graft.onnx..",
              "dev.graft.engine..",
              "dev.graft.transfer..",
              "dev.graft.zoo..",
              "dev.graft.cli..");

  @ArchTest
  static final ArchRule ZOO_USES_ONNX_ONLY =
      noClasses()
          .that()
          .resideInAPackage("dev.graft.zoo..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.graft.engine..",
              "dev.graft.data..",
              "dev.graft.runtime..",
              "dev.graft.transfer..",
              "dev.graft.cli..");

  @ArchTest
  static final ArchRule TRANSFER_KNOWS_NO_COMMAND =
      noClasses()
          .that()
          .resideInAPackage("dev.graft.transfer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.graft.cli..", "dev.graft.zoo..");

  @ArchTest
  static final ArchRule MODULES_HAVE_NO_CYCLES =
      slices().matching("dev.graft.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule OPERATORS_STAY_INSIDE_THE_ENGINE =
      classes()
          .that()
          .resideInAPackage("dev.graft.engine.operator..")
          .should()
          .onlyBeAccessed()
          .byAnyPackage("dev.graft.engine..");

  // --- heavy dependencies ------------------------------------------------------------------------

  @ArchTest
  static final ArchRule LIBTORCH_BELONGS_TO_ENGINE = only("org.bytedeco.pytorch..", "engine");

  @ArchTest
  static final ArchRule ONNX_RUNTIME_BELONGS_TO_RUNTIME = only("ai.onnxruntime..", "runtime");

  @ArchTest static final ArchRule MODEL_PROTOBUF_BELONGS_TO_ONNX = only("ai.onnx.proto..", "onnx");

  @ArchTest static final ArchRule PROTOBUF_BELONGS_TO_ONNX = only("com.google.protobuf..", "onnx");

  @ArchTest static final ArchRule OPENCV_BELONGS_TO_DATA = only("org.bytedeco.opencv..", "data");

  @ArchTest static final ArchRule FFMPEG_BELONGS_TO_DATA = only("org.bytedeco.ffmpeg..", "data");

  @ArchTest static final ArchRule TOKENIZERS_BELONG_TO_DATA = only("ai.djl..", "data");

  @ArchTest
  static final ArchRule LIBLINEAR_BELONGS_TO_COUNTS_OF_WORDS =
      only("de.bwaldvogel..", "transfer.bagofwords");

  @ArchTest static final ArchRule PICOCLI_BELONGS_TO_CLI = only("picocli..", "cli");

  // --- standard streams --------------------------------------------------------------------------

  @ArchTest
  static final ArchRule STANDARD_STREAMS_BELONG_TO_CLI =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.graft.cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace");

  private static ArchRule only(String dependency, String module) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.graft." + module + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(dependency));
  }
}
