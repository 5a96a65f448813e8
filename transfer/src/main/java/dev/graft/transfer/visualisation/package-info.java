/**
 * What the layers of a network see, for people: the filters of the first layer, maps of activations
 * and the parts of images that excite a unit most, on one page (Zeiler and Fergus 2014,
 * "Visualizing and Understanding Convolutional Networks").
 */
@NullMarked
package dev.graft.transfer.visualisation;

import org.jspecify.annotations.NullMarked;
