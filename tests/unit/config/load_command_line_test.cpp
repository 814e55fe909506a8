#include "chartsight/config/config.hpp"
#include "config/config_file.hpp"
#include "config/option_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace chartsight {
namespace {

/// Clears every option from the environment, and again at the end.
class LoadCommandLine : public testing::Test {
protected:
    LoadCommandLine() { clear(); }
    ~LoadCommandLine() override { clear(); }

    static void clear() {
        for (const OptionSpec& spec : option_table()) ::unsetenv(spec.name);
        for (const char* name : {"CONFIG", "CREDENTIALS_DIRECTORY", "SSL_CERT_FILE", "CURL_CA_BUNDLE"})
            ::unsetenv(name);
    }

    static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

    static auto load(std::vector<const char*> arguments) {
        arguments.insert(arguments.begin(), "chartsight");
        return load_command_line(static_cast<int>(arguments.size()), arguments.data());
    }

    static Config config_of(std::vector<const char*> arguments) {
        const auto line = load(std::move(arguments));
        EXPECT_TRUE(line) << line.error().front();
        return line ? line->config : Config{};
    }

    static std::string faults_of(std::vector<const char*> arguments) {
        const auto line = load(std::move(arguments));
        std::string all;
        if (!line) {
            for (const auto& fault : line.error()) all += fault + "\n";
        }
        return all;
    }

    static std::string temporary_file(const std::string& name, const std::string& content) {
        const auto path = std::filesystem::path(testing::TempDir()) / name;
        std::ofstream(path) << content;
        return path.string();
    }
};

TEST_F(LoadCommandLine, PrintsHelpWithoutACommand) {
    const auto line = load({});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->command, Command::help);
    EXPECT_NE(line->text.find("serve"), std::string::npos);
}

TEST_F(LoadCommandLine, NamesEveryOptionInTheHelpOfServe) {
    const auto line = load({"serve", "--help"});
    ASSERT_TRUE(line);
    for (const OptionSpec& spec : option_table()) {
        EXPECT_NE(line->text.find(spec.name), std::string::npos) << spec.name;
    }
}

TEST_F(LoadCommandLine, HasTheDocumentedDefaults) {
    set("GEMINI_API_KEY", "k");
    const Config config = config_of({"serve"});
    EXPECT_EQ(config.process.workers, 4u);
    EXPECT_EQ(config.limit_concurrency, 50u);
    EXPECT_EQ(config.process.threads, 50u);
    EXPECT_EQ(config.queue_limit, 100u);
    EXPECT_EQ(config.admission.queue_timeout, std::chrono::seconds(30));
    EXPECT_EQ(config.process.drain_timeout, std::chrono::seconds(30));
    EXPECT_EQ(config.process.host, "0.0.0.0");
    EXPECT_EQ(config.process.port, 8000);
    EXPECT_EQ(config.http.default_model, "nano-banana-pro-preview");
    EXPECT_NE(config.http.default_prompt.find("chart"), std::string::npos);
}

/// What --help says is the default is what the program uses.
TEST_F(LoadCommandLine, AcceptsEveryShownDefaultAsAValue) {
    for (const OptionSpec& spec : option_table()) {
        const std::string shown = spec.default_text;
        if (!spec.store || shown.empty() || shown.find(' ') != std::string::npos) continue;
        Config config;
        EXPECT_FALSE(spec.store(config, shown)) << spec.name << "=" << shown;
    }
}

TEST_F(LoadCommandLine, LetsFlagsWinOverTheEnvironmentAndThatOverTheFile) {
    set("GEMINI_API_KEY", "k");
    const auto file = temporary_file("order.env", "WORKERS=1\nPORT=1\nQUEUE_LIMIT=1\n");
    set("WORKERS", "2");
    set("PORT", "2");
    const Config config = config_of({"serve", "--config", file.c_str(), "--port", "3"});
    EXPECT_EQ(config.queue_limit, 1u);
    EXPECT_EQ(config.process.workers, 2u);
    EXPECT_EQ(config.process.port, 3);
}

TEST_F(LoadCommandLine, ReportsAllFaultsAtOnceWithNameValueAndRange) {
    set("WORKERS", "0");
    set("QUEUE_TIMEOUT", "soon");
    set("LOG_LEVEL", "loud");
    set("GEMINI_BASE_URL", "ftp://x");
    const std::string faults = faults_of({"serve", "--port", "70000"});
    EXPECT_NE(faults.find("WORKERS=0: allowed: a whole number from 1 to 64"), std::string::npos) << faults;
    EXPECT_NE(faults.find("QUEUE_TIMEOUT=soon: allowed: "), std::string::npos) << faults;
    EXPECT_NE(faults.find("LOG_LEVEL=loud: allowed: debug, info, warn, error"), std::string::npos) << faults;
    EXPECT_NE(faults.find("PORT=70000: allowed: a whole number from 0 to 65535"), std::string::npos)
        << faults;
    EXPECT_NE(faults.find("GEMINI_BASE_URL=ftp://x: "), std::string::npos) << faults;
    EXPECT_NE(faults.find("no Gemini API key"), std::string::npos) << faults;
}

TEST_F(LoadCommandLine, NeverRepeatsAKey) {
    set("GEMINI_API_KEY", "sec ret");
    const std::string faults = faults_of({"serve"});
    EXPECT_NE(faults.find("GEMINI_API_KEY: "), std::string::npos);
    EXPECT_EQ(faults.find("sec"), std::string::npos);
}

TEST_F(LoadCommandLine, ReadsTheKeyFromAFileOrACredential) {
    const auto file = temporary_file("gemini_api_key", "from-file\n");
    set("GEMINI_API_KEY_FILE", file);
    EXPECT_EQ(config_of({"serve"}).gemini.api_key.reveal(), "from-file");
    ::unsetenv("GEMINI_API_KEY_FILE");
    set("CREDENTIALS_DIRECTORY", testing::TempDir());
    EXPECT_EQ(config_of({"serve"}).gemini.api_key.reveal(), "from-file");
    set("GEMINI_API_KEY", "from-environment");
    EXPECT_EQ(config_of({"serve"}).gemini.api_key.reveal(), "from-environment");
}

TEST_F(LoadCommandLine, RaisesThreadsToTheConcurrencyUnlessToldOtherwise) {
    set("GEMINI_API_KEY", "k");
    EXPECT_EQ(config_of({"serve", "--limit-concurrency", "80"}).process.threads, 80u);
    EXPECT_NE(faults_of({"serve", "--limit-concurrency", "80", "--threads", "79"}).find("THREADS=79: "),
              std::string::npos);
}

TEST_F(LoadCommandLine, RefusesUnknownNamesInFlagsAndFiles) {
    set("GEMINI_API_KEY", "k");
    EXPECT_FALSE(load({"serve", "--wrokers", "2"}));
    const auto file = temporary_file("typo.env", "WROKERS=2\n");
    EXPECT_NE(faults_of({"serve", "--config", file.c_str()}).find("WROKERS in "), std::string::npos);
}

TEST_F(LoadCommandLine, MeansOneWorkerAndADebugLogByDev) {
    set("GEMINI_API_KEY", "k");
    const Config config = config_of({"serve", "--dev"});
    EXPECT_TRUE(config.process.dev);
    EXPECT_EQ(config.process.workers, 1u);
    EXPECT_EQ(config.log.level, log::Level::debug);
}

/// The env file of the systemd unit and README list every option, with the default of --help.
TEST_F(LoadCommandLine, IsDescribedByTheEnvFileAndTheReadme) {
    const auto env_file = read_file(CHARTSIGHT_SOURCE_DIR "/config/chartsight.env");
    const auto readme = read_file(CHARTSIGHT_SOURCE_DIR "/README.md");
    ASSERT_TRUE(env_file && readme);
    for (const OptionSpec& spec : option_table()) {
        const std::string shown =
            std::string(spec.default_text).find(' ') == std::string::npos ? spec.default_text : "";
        EXPECT_NE(env_file->find("\n#" + std::string(spec.name) + "=" + shown + "\n"), std::string::npos)
            << spec.name;
        EXPECT_NE(readme->find("| `" + std::string(spec.name) + "` | "), std::string::npos) << spec.name;
    }
}

}  // namespace
}  // namespace chartsight
