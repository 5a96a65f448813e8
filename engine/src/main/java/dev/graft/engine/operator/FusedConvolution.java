package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.mkldnn_reorder_conv2d_weight;

import dev.graft.onnx.Node;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A frozen convolution over two spatial axes together with the activation behind it, in one kernel
 * of oneDNN.
 *
 * <p>Against two steps it saves one pass over the memory and, in bf16, one rounding; and it takes
 * the bias in fp32, whose rounding would shift whole maps. It knows no gradient. The weight is laid
 * out for the kernel at the first run. Thread-safe. Close it to free that copy.
 */
public final class FusedConvolution implements Operator, AutoCloseable {
  /**
   * What follows the convolution.
   *
   * @param name oneDNN's name of the function, "none" for none
   * @param constants its constants
   */
  public record Activation(String name, double... constants) {
    /** Nothing. */
    public static final Activation NONE = new Activation("none");
  }

  /** libtorch's kernel and the element types of its lists; absent where it is built without. */
  private record Kernel(OperatorHandle handle, Type.TypePtr integers, Type.TypePtr scalars) {
    private static final String NAME = "mkldnn::_convolution_pointwise";
    private static final int PADDING_ARGUMENT = 3;
    private static final int SCALARS_ARGUMENT = 8;

    static final @Nullable Kernel FOUND = find();

    private static @Nullable Kernel find() {
      if (!torch.hasMKLDNN()) {
        return null;
      }
      try {
        OperatorHandle handle = Dispatcher.singleton().findSchemaOrThrow(NAME, "");
        handle.retainReference();
        Argument arguments = handle.schema().arguments();
        return new Kernel(
            handle,
            elementType(arguments, PADDING_ARGUMENT),
            elementType(arguments, SCALARS_ARGUMENT));
      } catch (RuntimeException absent) {
        return null;
      }
    }

    private static Type.TypePtr elementType(Argument arguments, int index) {
      Type.TypePtr type = arguments.getPointer(index).type().get().containedType(0);
      type.retainReference(); // it outlives the scope in which it happens to be asked for
      return type;
    }
  }

  private final Kernel kernel;
  private final long[] strides;
  private final long[] dilations;
  private final long groups;
  private final IValue stridesArgument;
  private final IValue dilationsArgument;
  private final IValue groupsArgument;
  private final IValue activation;
  private final IValue constants;
  private final IValue none;
  private @Nullable Tensor packedWeight;

  /** Whether this build of libtorch has the kernel. */
  public static boolean isAvailable() {
    return Kernel.FOUND != null;
  }

  /**
   * Prepares a convolution.
   *
   * @param node a Conv over two spatial axes
   * @param activation what follows it
   */
  public FusedConvolution(Node node, Activation activation) {
    kernel = java.util.Objects.requireNonNull(Kernel.FOUND, "the kernel is not available");
    strides = node.integers("strides", Padding.ones(2));
    dilations = node.integers("dilations", Padding.ones(2));
    groups = node.integer("group", 1);
    stridesArgument = kept(integers(strides));
    dilationsArgument = kept(integers(dilations));
    groupsArgument = kept(new IValue(groups));
    this.activation = kept(new IValue(activation.name()));
    GenericList scalars = new GenericList(kernel.scalars());
    for (double constant : activation.constants()) {
      scalars.push_back(new IValue(new Scalar(constant)));
    }
    constants = kept(new IValue(scalars));
    none = kept(new IValue());
  }

  private static IValue kept(IValue value) {
    value.retainReference();
    return value;
  }

  private IValue integers(long... values) {
    GenericList list = new GenericList(kernel.integers());
    for (long value : values) {
      list.push_back(new IValue(value));
    }
    return new IValue(list);
  }

  @Override
  public List<Value> apply(Call call) {
    Tensor weight = call.tensor(1);
    Tensor x = call.tensor(0).to(ScalarTypes.of(weight));
    if (x.dim() != 4) {
      throw call.failure(
          "a map of shape [N,C,H,W] is expected but the input has shape "
              + Arrays.toString(Shapes.of(x))
              + ".");
    }
    long[] window = Padding.spatial(Shapes.of(weight));
    Padding padding = Padding.of(call, Padding.spatial(Shapes.of(x)), window, strides, dilations);
    long[] pads = padding.begin();
    if (!padding.isSymmetric()) {
      x = constant_pad_nd(x, padding.lastAxisFirst());
      pads = new long[2];
    }
    IValueVector stack = new IValueVector();
    stack.push_back(new IValue(x));
    stack.push_back(new IValue(packed(weight, pads, x)));
    stack.push_back(call.has(2) ? new IValue(call.tensor(2)) : none);
    stack.push_back(integers(pads));
    stack.push_back(stridesArgument);
    stack.push_back(dilationsArgument);
    stack.push_back(groupsArgument);
    stack.push_back(activation);
    stack.push_back(constants);
    stack.push_back(none);
    kernel.handle().callBoxed(stack);
    // A handle of its own: the one on the stack goes with it.
    return List.of(new TensorValue(new Tensor(stack.get(0).toTensor())));
  }

  /** Several threads may run the network at once, of which the first lays out the weight. */
  private synchronized Tensor packed(Tensor weight, long[] pads, Tensor x) {
    Tensor known = packedWeight;
    if (known == null) {
      known =
          mkldnn_reorder_conv2d_weight(
              weight.to_mkldnn(), pads, strides, dilations, groups, Shapes.of(x));
      known.retainReference();
      packedWeight = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (packedWeight != null) {
      packedWeight.close();
    }
    for (IValue value :
        List.of(stridesArgument, dilationsArgument, groupsArgument, activation, constants, none)) {
      value.close();
    }
  }
}
