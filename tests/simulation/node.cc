#include "tests/simulation/node.h"

#include <algorithm>
#include <set>

#include "core/model/codec.h"
#include "core/statechart/offers.h"

namespace duban::simulation {

Node::Node(const Surroundings& around, std::size_t index, engine::Limits limits)
    : around_(around),
      index_(index),
      limits_(limits),
      storage_(around.storage, around.fleet, index, around.random, around.clock, around.faults,
               around.trace),
      mail_("mail", around.effects, around.random, around.clock, around.faults, around.trace),
      phone_("phone", around.effects, around.random, around.clock, around.faults, around.trace) {}

Node::Life::Life(Node& node, engine::Catalog& catalog)
    : engine(node.storage_, node.around_.clock, catalog, node.around_.theatre.world, node.limits_),
      outbox(node.storage_, node.around_.clock, node.around_.theatre.world,
             {.normal = {{"mail", &node.mail_}},
              .urgent = {{"mail", &node.mail_}, {"phone", &node.phone_}}},
             [this](std::vector<ports::OutboxKey> done, std::vector<ports::OutboxRow> updated) {
               return engine.FinishOutbox(std::move(done), std::move(updated)).has_value();
             }),
      queries(node.storage_, node.around_.clock, catalog, node.around_.theatre.world) {
  engine.OnCommit([this, &disk = node.around_.disk](std::uint64_t last_change) {
    if (last_change < announced || last_change > disk.changes().size())
      throw Violation{fmt::format("the change {} is announced after {}, of {}", last_change,
                                  announced, disk.changes().size())};
    announced = last_change;
  });
}

bool Node::Start() {
  if (!catalog_ || around_.random.Percent(2)) {
    auto catalog = std::make_unique<engine::Catalog>(storage_);
    if (!catalog->Load()) return false;
    catalog_ = std::move(catalog);
  }
  auto life = std::make_unique<Life>(*this, *catalog_);
  if (!life->engine.Open()) return false;
  life_ = std::move(life);
  around_.fleet.alive[index_] = true;
  ++around_.fleet.generation;
  around_.effects.NewLife();
  return true;
}

void Node::Die() {
  life_.reset();
  around_.fleet.alive[index_] = false;
  ++around_.fleet.generation;
  around_.effects.NewLife();
}

void Node::Look(const std::string& person) {
  if (around_.random.Percent(50)) {
    Watch();
  } else {
    ReadInbox(person);
  }
}

// Changes come gapless and in order, each once, across all deaths.
void Node::Watch() {
  const auto size = static_cast<std::uint32_t>(around_.random.Between(1, 50));
  const auto page =
      life_->queries.ChangesAfter({around_.theatre.administrators.front()}, watched_, size);
  if (!page) return;
  const auto& changes = around_.disk.changes();
  for (const auto& change : page->items) {
    if (change.change != watched_ + 1)
      throw Violation{fmt::format("change {} follows {} in a watch", change.change, watched_)};
    const auto& [id, revision] = changes.at(watched_++);
    if (change.case_id != id || change.entry.revision != revision)
      throw Violation{fmt::format("change {} is another step in a watch", change.change)};
  }
  if (page->scanned < watched_) throw Violation{"a watch goes back"};
}

void Node::ReadInbox(const std::string& person) {
  std::set<model::TaskId> expected;
  const auto snapshot = around_.theatre.world.Now();
  const statechart::Facts facts{
      around_.clock.Now(), &snapshot->organisation, &snapshot->calendar, {}};
  const bool stands_in = std::ranges::any_of(snapshot->organisation.mandates(),
                                             [&](const auto& one) { return one.agent == person; });
  for (const auto& [id, stored] : around_.disk.cases()) {
    if (stored.row.ended) continue;  // the checker sees that it has no open task
    std::optional<model::Case> state;
    for (const auto& [ordinal, row] : stored.tasks) {
      if (!row.open) continue;
      bool theirs = std::ranges::find(row.candidates, person) != row.candidates.end();
      if (!theirs && stands_in) {
        if (!state) state = model::Decode<model::Case>(stored.row.body);
        const auto& definition = *around_.theatre.campaign->workflows.at(stored.row.workflow);
        theirs = !statechart::OfferTo(definition, *state, facts, ordinal, person).outcomes.empty();
      }
      if (theirs) expected.emplace(id, ordinal);
    }
  }
  std::set<model::TaskId> seen;
  model::TaskId after;
  for (;;) {
    const auto page = life_->queries.Inbox({person}, after, 7);
    if (!page) return;
    for (const auto& task : page->items) seen.insert(task.id);
    if (!page->next) break;
    after = *page->next;
  }
  if (around_.clock.Now() != facts.now) return;  // a slow read: what is theirs may have changed
  if (seen != expected)
    throw Violation{fmt::format("the inbox of {} shows {} tasks instead of {}", person, seen.size(),
                                expected.size())};
}

}  // namespace duban::simulation
