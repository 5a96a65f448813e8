package dev.graft.transfer.explanation;

import dev.graft.transfer.visualisation.MapLayout;

/**
 * A tensor inside a network that holds maps, and where their places lie in its plane.
 *
 * @param tensor its name; everything after it depends on it alone
 * @param shape of one example, [1, ...]
 * @param layout how it is read as maps
 * @param vertical where the rows lie
 * @param horizontal where the columns lie
 */
record MapTap(
    String tensor,
    long[] shape,
    MapLayout layout,
    HeatGrid.Axis vertical,
    HeatGrid.Axis horizontal) {}
