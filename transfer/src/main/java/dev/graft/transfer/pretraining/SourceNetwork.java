package dev.graft.transfer.pretraining;

import dev.graft.onnx.OnnxModel;
import java.util.function.IntFunction;

/**
 * A network that shall learn the source task.
 *
 * @param name what it is called, for example "resnet-18"
 * @param description what it is, in a sentence
 * @param withClasses gives the network with fresh weights for a number of classes: images,
 *     waveforms or numbers of tokens in, logits [N, classes] out
 */
public record SourceNetwork(String name, String description, IntFunction<OnnxModel> withClasses) {}
