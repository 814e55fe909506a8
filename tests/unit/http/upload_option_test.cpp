#include "http/upload_option.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartsight {
namespace {

const UploadRules kRules{"flash", {"flash", "pro"}, "Describe the chart.", 32};

Result<UploadOptions> read(const std::string& query) {
    return read_query_options(parse_target("/analyze?" + query).value(), kRules);
}

void expect_refused(const std::string& query, std::string_view detail) {
    const auto options = read(query);
    ASSERT_FALSE(options.has_value()) << query;
    EXPECT_EQ(options.error().code, Errc::invalid_option);
    EXPECT_EQ(options.error().detail, detail);
}

TEST(UploadOption, HasDefaults) {
    for (const std::string query : {"", "prompt=&model=&engine=&annotate=", "utm_source=x&utm_source=y"}) {
        const auto options = read(query);
        ASSERT_TRUE(options.has_value()) << query;
        EXPECT_EQ(options->prompt, "Describe the chart.");
        EXPECT_EQ(options->model, "flash");
        EXPECT_EQ(options->engine, Engine::automatic);
        EXPECT_FALSE(options->annotate.has_value());
        EXPECT_FALSE(options->file_name.has_value());
    }
}

TEST(UploadOption, TakesModelsByBothTheirNames) {
    EXPECT_EQ(read("model=pro")->model, "pro");
    EXPECT_EQ(read("model=models/pro")->model, "pro");
}

TEST(UploadOption, ListsTheModelsItAllows) {
    expect_refused("model=ultra", "model: 'ultra' is not allowed; allowed: flash, pro");
    expect_refused("model=Pro", "model: 'Pro' is not allowed; allowed: flash, pro");
    expect_refused("model=models/", "model: 'models/' is not allowed; allowed: flash, pro");
    expect_refused("model=models/models/pro",
                   "model: 'models/models/pro' is not allowed; allowed: flash, pro");
    expect_refused("model=%22", "model: '\\x22' is not allowed; allowed: flash, pro");
}

TEST(UploadOption, KnowsTheEnginesOfThisVersion) {
    EXPECT_EQ(read("engine=auto")->engine, Engine::automatic);
    EXPECT_EQ(read("engine=gemini")->engine, Engine::gemini);
    expect_refused("engine=local", "engine: 'local' is not available in this version; allowed: auto, gemini");
    expect_refused("engine=both", "engine: 'both' is not available in this version; allowed: auto, gemini");
    expect_refused("engine=gpt", "engine: 'gpt' is not an engine; allowed: auto, gemini");
}

TEST(UploadOption, ReadsAnnotateInAnyUsualSpelling) {
    for (const std::string word : {"1", "true", "TRUE", "yes", "Yes", "on", "oN"})
        EXPECT_EQ(read("annotate=" + word)->annotate, true) << word;
    for (const std::string word : {"0", "false", "False", "no", "NO", "off", "OFF"})
        EXPECT_EQ(read("annotate=" + word)->annotate, false) << word;
    for (const std::string word : {"2", "y", "ja", "tru", "true%20", "01"})
        EXPECT_FALSE(read("annotate=" + word).has_value()) << word;
}

TEST(UploadOption, AcceptsExactlyTheLargestPrompt) {
    EXPECT_EQ(read("prompt=" + std::string(32, 'p'))->prompt, std::string(32, 'p'));
    expect_refused("prompt=" + std::string(33, 'p'), "prompt: 33 bytes; allowed: at most 32");
}

TEST(UploadOption, RefusesAnOptionThatComesTwiceInTheQuery) {
    expect_refused("prompt=a&prompt=a", "prompt: given twice");
    expect_refused("engine=&engine=auto", "engine: given twice");
    expect_refused("filename=a&filename=b", "filename: given twice");
}

}  // namespace
}  // namespace chartsight
