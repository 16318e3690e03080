// Storages that throw, are too old, or answer nonsense. The conformance suite has those that work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/plugin/host.h"

namespace duban::plugin {
namespace {

using Code = ports::StorageError::Code;
using testing::HasSubstr;

std::unique_ptr<ports::Storage> Load(const std::string& name) {
  auto loaded = LoadStorage(std::filesystem::path(BAD_PLUGINS) / (name + ".so"), {});
  EXPECT_TRUE(loaded) << loaded.error().en;
  return std::move(*loaded);
}

template <class T>
ports::StorageError ErrorOf(const ports::StorageResult<T>& result) {
  return result ? ports::StorageError{Code::kInvalid, "no error", {}} : result.error();
}

TEST(StorageClient, WhatAWriteThrowsIsUnknownAndWhatAReadThrowsUnavailable) {
  const auto storage = Load("throwing_storage");
  EXPECT_EQ(ErrorOf(storage->Commit({})).code, Code::kUnknown);
  EXPECT_EQ(ErrorOf(storage->Commit({})).message, "the disk went for a walk");
  EXPECT_EQ(ErrorOf(storage->SaveCampaign({"digest", {}, {}, {}, {}})).code, Code::kUnknown);
  EXPECT_EQ(ErrorOf(storage->LoadCase({1})).code, Code::kUnavailable);
  EXPECT_EQ(ErrorOf(storage->LastChange()).code, Code::kUnavailable);
  EXPECT_EQ(ErrorOf(storage->ListCases({})).code, Code::kUnavailable) << "not even an exception";
}

TEST(StorageClient, AnOperationThatThePluginDoesNotKnowIsIncompatible) {
  const auto error = ErrorOf(Load("mute_storage")->LastChange());
  EXPECT_EQ(error.code, Code::kIncompatible);
  EXPECT_THAT(error.message, HasSubstr("plugin mute is too old for operation 9"));
}

TEST(StorageClient, ALookThatCannotGoOnIsIncompatibleAndNotTheFirstPageAgain) {
  const auto kind = ports::OutboxKind::kCommand;
  const auto error = ErrorOf(Load("mute_storage")->PeekOutbox(kind, {model::CaseId{1}, 1}, 10));
  EXPECT_EQ(error.code, Code::kIncompatible);
  EXPECT_THAT(error.message, HasSubstr("too old for operation 21"));
  const auto storage = Load("repeating_storage");
  const auto first = storage->PeekOutbox(kind, {}, 1);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(ErrorOf(storage->PeekOutbox(kind, ports::KeyOf(first->back()), 1)).code,
            Code::kIncompatible);
}

TEST(StorageClient, AnAnswerThatCannotBeReadIsUnknownAfterAWriteAndCorruptAfterARead) {
  const auto storage = Load("mute_storage");
  EXPECT_EQ(ErrorOf(storage->Commit({})).code, Code::kUnknown);
  EXPECT_EQ(ErrorOf(storage->LoadCase({1})).code, Code::kCorrupt);
}

}  // namespace
}  // namespace duban::plugin
