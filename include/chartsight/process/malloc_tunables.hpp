#pragma once

namespace chartsight {

/// Executes the program again with glibc's per-thread malloc caches off, unless its environment sets them
/// already. glibc reads that setting before main only. The caches of 50 threads a worker keep freed blocks
/// scattered over the heap, so that its pages cannot go back to the system after a burst. Call first thing in
/// main; returns if there is nothing to do or the execution fails.
void use_malloc_without_thread_caches(char** argv);

}  // namespace chartsight
