using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Epochs of slots: who was replaced as the owner of a slot can write no more.</summary>
public abstract class SlotEpochContract(TestDatabase database) : CatalogContract(database)
{
    private const int Slot = 7;

    [CatalogFact]
    public async Task Epochs_begin_at_one_and_go_up_by_one_in_the_order_of_the_slots_asked_for()
    {
        Assert.Equal((long[])[1, 1], await RaiseAsync(7, 3));
        Assert.Equal((long[])[2, 1, 2], await RaiseAsync(3, 5, 3));
        Assert.Equal((long[])[3, 2, 2], await RaiseAsync(3, 5, 7));
        Assert.Empty(await RaiseAsync());
        Assert.Equal((long[])[3, 3, 1], await Open().RaiseEpochsAsync([7, 5, 63], CancellationToken.None));
    }

    [CatalogFact]
    public async Task Of_those_who_raise_at_once_no_two_get_the_same_epoch_and_none_locks_another_out()
    {
        const int Racers = 6, Rounds = 30, Slots = 8;
        var catalogs = new[] { Catalog, Open(), Open() };

        var raised = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer => Task.Run(async () =>
        {
            var random = new Random(racer);
            var mine = new List<SlotEpoch>();
            for (var round = 0; round < Rounds; round++)
            {
                int[] slots = [.. Enumerable.Range(0, Slots)];
                random.Shuffle(slots);
                var epochs = await catalogs[racer % 3].RaiseEpochsAsync(slots, CancellationToken.None);
                mine.AddRange(slots.Zip(epochs, (slot, epoch) => new SlotEpoch(slot, epoch)));
            }

            return mine;
        }))).WaitAsync(Patience);

        var all = raised.SelectMany(mine => mine).ToArray();
        Assert.Equal(Racers * Rounds * Slots, all.Distinct().Count());
        Assert.Equal(Racers * Rounds, all.Max(epoch => epoch.Epoch));
        Assert.All(raised, mine => Assert.All(
            mine.GroupBy(epoch => epoch.Slot), slot => Assert.Equal(slot.OrderBy(epoch => epoch.Epoch), slot)));
    }

    [CatalogFact]
    public async Task A_write_under_the_present_epoch_is_made_and_any_other_is_refused_as_a_whole()
    {
        await RaiseAsync(Slot, Slot + 1);
        Assert.Equal(CatalogWriteOutcome.Written, (await WriteAsync(1, Write("book::a", "A")))[0].Outcome);
        await RaiseAsync(Slot);
        CatalogWrite[] writes = [Write("book::b", "B"), Write("book::c", "C")];

        foreach (var epoch in (long[])[1, 3, 0, -1])
        {
            var error = await Assert.ThrowsAsync<StaleEpochException>(() => WriteAsync(epoch, writes));
            Assert.Contains($"slot {Slot}", error.Message, StringComparison.Ordinal);
            Assert.Contains($"under epoch {epoch} ", error.Message, StringComparison.Ordinal);
            Assert.Contains("has epoch 2", error.Message, StringComparison.Ordinal);
            Assert.All(await ReadAsync("book::b", "book::c"), row => Assert.Equal(CachedRow.Never(row.Key), row));
        }

        Assert.All(await WriteAsync(2, writes), result => Assert.Equal(CatalogWriteOutcome.Written, result.Outcome));
        Assert.Equal(
            CatalogWriteOutcome.Written,
            (await Catalog.WriteAsync([Write("book::d", "D")], new SlotEpoch(Slot + 1, 1), CancellationToken.None))[0].Outcome);
    }

    [CatalogFact]
    public async Task A_slot_that_nobody_has_owned_is_written_by_nobody_who_names_an_epoch()
    {
        foreach (var epoch in (long[])[0, 1])
            await Assert.ThrowsAsync<StaleEpochException>(() => WriteAsync(epoch, Write("book::a", "A")));

        Assert.Equal(CatalogWriteOutcome.Written, (await WriteOneAsync(Write("book::a", "A"))).Outcome);
    }

    [CatalogFact]
    public async Task A_repeated_write_under_a_former_epoch_is_refused_although_it_was_made()
    {
        await RaiseAsync(Slot);
        var write = Write("book::a", "A");
        await WriteAsync(1, write);
        await RaiseAsync(Slot);

        await Assert.ThrowsAsync<StaleEpochException>(() => WriteAsync(1, write));
        Assert.Equal(CatalogWriteOutcome.MadeBefore, (await WriteAsync(2, write))[0].Outcome);
    }

    [CatalogFact]
    public async Task When_an_epoch_was_raised_no_write_of_racing_owners_is_made_under_a_former_one()
    {
        var catalogs = new[] { Catalog, Open(), Open() };
        await RaiseAsync(Slot);
        var newest = 1L;
        var gate = new Lock();

        // Each owner writes under its epoch until it is refused, then takes the slot over. A write that was sent before another owner's
        // epoch was returned may be made; one that was sent after it may not.
        await Task.WhenAll(catalogs.Select((catalog, owner) => Task.Run(async () =>
        {
            var epoch = (await catalog.RaiseEpochsAsync([Slot], CancellationToken.None))[0];
            Raised(epoch);
            for (var round = 0; round < 60; round++)
            {
                long known;
                lock (gate)
                    known = newest;
                try
                {
                    await catalog.WriteAsync([Write($"book::{owner} {round}", "A")], new SlotEpoch(Slot, epoch), CancellationToken.None);
                    Assert.True(epoch >= known, $"a write under epoch {epoch} was made after {known} had been returned");
                }
                catch (StaleEpochException)
                {
                    epoch = (await catalog.RaiseEpochsAsync([Slot], CancellationToken.None))[0];
                    Raised(epoch);
                }
            }
        }))).WaitAsync(Patience);

        void Raised(long epoch)
        {
            lock (gate)
                newest = Math.Max(newest, epoch);
        }
    }

    protected Task<long[]> RaiseAsync(params int[] slots) => Catalog.RaiseEpochsAsync(slots, CancellationToken.None);

    protected Task<CatalogWriteResult[]> WriteAsync(long epoch, params CatalogWrite[] writes) =>
        Catalog.WriteAsync(writes, new SlotEpoch(Slot, epoch), CancellationToken.None);
}
