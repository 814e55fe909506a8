#include "chartsight/concurrency/blocking_pool.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <latch>
#include <memory>

namespace chartsight {

BlockingPool::BlockingPool(std::size_t threads, int nice) : pool_(threads) {
    if (nice == 0) return;
    // Each thread takes one of these and waits for the others, so that none takes two.
    auto all = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(threads));
    for (std::size_t i = 0; i < threads; ++i) {
        net::post(pool_, [nice, all] {
            const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
            ::setpriority(PRIO_PROCESS, thread, nice);
            all->arrive_and_wait();
        });
    }
    all->wait();
}

BlockingPool::~BlockingPool() {
    pool_.join();
}

}  // namespace chartsight
