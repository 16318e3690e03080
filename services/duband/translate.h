// The published messages and the model, one into the other. Nothing here asks or decides.
#pragma once

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <expected>
#include <string>
#include <string_view>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/engine/engine.h"
#include "core/engine/queries.h"
#include "core/engine/views.h"
#include "core/model/rejection.h"
#include "core/model/value.h"
#include "core/statechart/offers.h"
#include "duban/v1/case_service.pb.h"
#include "duban/v1/common.pb.h"
#include "duban/v1/definition_service.pb.h"

namespace duban::duband {

// Limits of data that comes in.
inline constexpr std::size_t kMaxDataBytes = 256 * 1024;  // of one value, as it is sent
inline constexpr int kMaxDataDepth = 32;                  // lists and objects within each other

// Numbers stay doubles: what a field wants is definition::Accept's affair. Refused: values beyond
// the limits, numbers that JSON does not have. `field` names the value in the violation.
std::expected<model::Value, model::Violation> FromProto(const google::protobuf::Value& value,
                                                        const std::string& field);
// The value of each field on its own.
std::expected<model::Map, model::Violation> FromProto(const google::protobuf::Struct& fields,
                                                      const std::string& field);
// As they were sent; the step checks them.
model::Attachment FromProto(const v1::Attachment& attachment);
std::vector<model::Attachment> FromProto(
    const google::protobuf::RepeatedPtrField<v1::Attachment>& attachments);
// nullopt unless before, after or parallel.
std::optional<model::Relation> FromProto(v1::TaskRelation relation);
// nullopt outside the years 1 to 9999.
std::optional<model::Timestamp> FromProto(const google::protobuf::Timestamp& t);

// Ints and uints as numbers, bytes as base64, timestamps as RFC 3339, durations as "3600s".
void Set(const model::Value& value, google::protobuf::Value* to);
void Set(const model::Map& map, google::protobuf::Struct* to);
void Set(model::Timestamp t, google::protobuf::Timestamp* to);
void Set(const model::Text& text, v1::Text* to);
void Set(const model::Vote& vote, v1::Vote* to);
void Set(const model::Attachment& attachment, v1::Attachment* to);
void Set(const model::Permitted& permitted, v1::PermittedEvent* to);
void Set(const engine::Receipt& receipt, v1::Receipt* to);
void Set(const engine::DeadlineView& deadline, v1::Deadline* to);
void Set(const engine::DeadlineLine& line, v1::CaseDeadline* to);
void Set(const definition::Diagnostic& diagnostic, v1::Diagnostic* to);

// What the seat is to others, how it came to its people, and the draft of who may see it.
void Set(const model::Seat& seat, model::CaseId case_id, v1::Task* to);
void Set(const statechart::Offer& offer, const definition::Definition& definition,
         v1::TaskOffer* to);
// Suspension, copies, overrides.
void SetOperations(const model::Case& state, const definition::Definition& definition,
                   v1::Case* to);
// `definition` may be null: then outcomes and form are left out. `data`: the case's, for the form's
// current values; may be null.
void Set(const engine::TaskView& task, const definition::Definition* definition,
         const model::Map* data, v1::Task* to);
void Set(const engine::CaseDetail& detail, v1::Case* to);
// `definition` may be null: then states have no titles.
void Set(const engine::CaseLine& line, const definition::Definition* definition, v1::Case* to);
void Set(const model::JournalEntry& entry, const definition::Definition& definition,
         const definition::Organisation& organisation, v1::HistoryEntry* to);

// "text", "int" …: as in the definition language.
std::string_view KindWord(definition::FieldKind kind);

}  // namespace duban::duband
