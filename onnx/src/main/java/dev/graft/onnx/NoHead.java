package dev.graft.onnx;

/**
 * A model without a linear output layer that could be replaced: its features are taken as they are.
 *
 * @param featureTensor the tensor to take
 * @param pooling how it becomes one vector for each example
 * @param reason why there is no head, in words
 */
public record NoHead(String featureTensor, Pooling pooling, String reason) implements Head {}
