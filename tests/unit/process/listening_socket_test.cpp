#include "process/listening_socket.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartsight {
namespace {

std::string fault_of(const std::string& host, std::uint16_t port) {
    try {
        const ListeningSocket socket(host, port);
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

TEST(ListeningSocket, TellsThePortTheSystemChose) {
    const ListeningSocket socket("127.0.0.1", 0);
    EXPECT_TRUE(socket.url().starts_with("http://127.0.0.1:"));
    EXPECT_FALSE(socket.url().ends_with(":0"));
}

TEST(ListeningSocket, NamesAddressAndReasonOfAFault) {
    const ListeningSocket first("127.0.0.1", 0);
    const std::string url = first.url();
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    EXPECT_EQ(fault_of("127.0.0.1", port),
              "cannot listen on HOST=127.0.0.1 PORT=" + std::to_string(port) + ": Address already in use");
    EXPECT_TRUE(fault_of("not..a..host", 0).starts_with("HOST=not..a..host: "));
}

}  // namespace
}  // namespace chartsight
