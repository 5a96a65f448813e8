package dev.graft.transfer.visualisation;

import java.util.List;

/**
 * What there is to see of a block.
 *
 * @param tap where it was looked at
 * @param maps the maps that the shown image activates most; none without an image
 * @param units some of its units with what excites them; none without data
 */
record BlockView(BlockTap tap, List<HeatMap> maps, List<ExcitedUnit> units) {}
