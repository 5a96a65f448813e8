package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OnnxTensorTest {
  // Bits from numpy: np.float16(v).view(np.uint16).
  @ParameterizedTest
  @CsvSource({
    "0.0, 0",
    "-0.0, 32768",
    "1.0, 15360",
    "-2.5, 49408",
    "65504.0, 31743",
    "65519.0, 31743",
    "65520.0, 31744",
    "1.0e10, 31744",
    "6.1035156e-05, 1024",
    "6.0975552e-05, 1023",
    "5.9604645e-08, 1",
    "2.9802322e-08, 0",
    "2.99e-08, 1",
    "0.1, 11878",
    "1.00048828125, 15360",
    "1.00146484375, 15362",
    "Infinity, 31744"
  })
  void float16_value_roundsToNearestEvenLikeNumpy(float value, int bits) {
    assertThat(HalfPrecision.toFloat16(value) & 0xffff).isEqualTo(bits);
  }

  @Test
  void float16_everyFiniteBitPattern_survivesRoundTrip() {
    for (int bits = 0; bits < 0x10000; bits++) {
      if ((bits & 0x7c00) != 0x7c00) {
        float value = HalfPrecision.fromFloat16((short) bits);
        assertThat(HalfPrecision.toFloat16(value) & 0xffff).isEqualTo(bits);
      }
    }
  }

  // Bits from torch: torch.tensor(v).to(torch.bfloat16).view(torch.uint16).
  @ParameterizedTest
  @CsvSource({
    "1.0, 16256",
    "-3.140625, 49225",
    "1.00390625, 16256",
    "1.01171875, 16258",
    "0.1, 15821"
  })
  void bfloat16_value_roundsToNearestEvenLikeTorch(float value, int bits) {
    assertThat(HalfPrecision.toBfloat16(value) & 0xffff).isEqualTo(bits);
  }

  @Test
  void halfPrecision_notANumber_staysNotANumber() {
    assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(Float.NaN))).isNaN();
    assertThat(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(Float.NaN))).isNaN();
    assertThat(HalfPrecision.fromFloat16((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void withFloats_onFloat16_staysFloat16() {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) 15360).putShort((short) 49408).flip();
    OnnxTensor half = OnnxTensor.ofRaw("w", ElementType.FLOAT16, bytes, 2);
    assertThat(half.toFloats()).containsExactly(1f, -2.5f);
    OnnxTensor changed = half.withFloats(new float[] {0.1f, 2});
    assertThat(changed.type()).isEqualTo(ElementType.FLOAT16);
    assertThat(changed.name()).isEqualTo("w");
    assertThat(changed.data().getShort(0)).isEqualTo((short) 11878);
    assertThat(half.toFloats()).containsExactly(1f, -2.5f);
  }

  @Test
  void withFloats_wrongCount_namesBoth() {
    OnnxTensor tensor = OnnxTensor.ofFloats("w", new float[] {1, 2}, 2);
    assertThatThrownBy(() -> tensor.withFloats(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"w\" of shape [2] holds 2 values, got 3");
  }

  @Test
  void toFloats_onIntegers_namesTypeAndExpectation() {
    OnnxTensor tensor = OnnxTensor.ofLongs("axes", new long[] {1}, 1);
    assertThatThrownBy(tensor::toFloats)
        .isInstanceOf(OnnxModelException.class)
        .hasMessage("tensor \"axes\" has type INT64: expected a floating type");
  }

  @ParameterizedTest
  @CsvSource({"2, 250, 250", "3, 250, -6", "9, 1, 1"})
  void toLongs_singleBytes_respectSign(int code, int stored, long expected) {
    TensorProto proto =
        TensorProto.newBuilder()
            .setDataType(code)
            .addDims(1)
            .setRawData(ByteString.copyFrom(new byte[] {(byte) stored}))
            .build();
    assertThat(new OnnxTensor(proto, null).toLongs()).containsExactly(expected);
  }

  @Test
  void data_typedFields_arePackedLikeRawData() {
    TensorProto floats =
        TensorProto.newBuilder().setDataType(1).addDims(2).addFloatData(1).addFloatData(2).build();
    assertThat(new OnnxTensor(floats, null).toFloats()).containsExactly(1f, 2f);
    TensorProto halves =
        TensorProto.newBuilder().setDataType(10).addDims(1).addInt32Data(49408).build();
    assertThat(new OnnxTensor(halves, null).toFloats()).containsExactly(-2.5f);
    TensorProto longs = TensorProto.newBuilder().setDataType(7).addDims(1).addInt64Data(-5).build();
    assertThat(new OnnxTensor(longs, null).toLongs()).containsExactly(-5);
    TensorProto bytes = TensorProto.newBuilder().setDataType(3).addDims(1).addInt32Data(-5).build();
    assertThat(new OnnxTensor(bytes, null).toLongs()).containsExactly(-5);
    TensorProto doubles =
        TensorProto.newBuilder().setDataType(11).addDims(1).addDoubleData(0.1).build();
    assertThat(new OnnxTensor(doubles, null).toDoubles()).containsExactly(0.1);
  }

  @Test
  void data_isReadOnlyAndLittleEndian() {
    ByteBuffer data = OnnxTensor.ofFloats("w", new float[] {1}, 1).data();
    assertThat(data.isReadOnly()).isTrue();
    assertThat(data.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(data.getInt(0)).isEqualTo(0x3f800000);
  }

  @Test
  void ofFloats_countUnlikeShape_namesBoth() {
    assertThatThrownBy(() -> OnnxTensor.ofFloats("w", new float[3], 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shape [2, 2] holds 4 values, got 3");
  }

  @Test
  void toStrings_stringTensor_givesText() {
    TensorProto proto =
        TensorProto.newBuilder()
            .setDataType(8)
            .addDims(2)
            .addStringData(ByteString.copyFromUtf8("bee"))
            .addStringData(ByteString.copyFromUtf8("Ämse"))
            .build();
    OnnxTensor tensor = new OnnxTensor(proto, null);
    assertThat(tensor.toStrings()).isEqualTo(List.of("bee", "Ämse"));
    assertThatThrownBy(tensor::data).hasMessageContaining("STRING");
  }

  @Test
  void elementCount_scalar_isOne() {
    assertThat(OnnxTensor.ofFloats("s", new float[] {3}).elementCount()).isEqualTo(1);
  }
}
