#pragma once

namespace chartsight {

/// The text of config/prompts/chart_analysis.txt at build time.
extern const char* const kDefaultPrompt;

}  // namespace chartsight
