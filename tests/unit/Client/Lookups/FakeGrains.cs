using OrleansCache.Client;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>Book grains that do what a test says, and remember what they were asked.</summary>
internal sealed class FakeGrains : IBookGrains, IBatchGrains, IOwnerGrains
{
    private readonly Lock _lock = new();
    private readonly List<(BookGrainKey Grain, CancellationToken Cancellation)> _asked = [];

    public delegate ValueTask<LookupAnswer> Behaviour(BookGrainKey grain, CancellationToken cancellation);

    /// <summary>What the grains of a region do; those of other regions answer.</summary>
    public Dictionary<string, Behaviour> Regions { get; } = [];

    /// <summary>What a region does that is asked for many books.</summary>
    public Func<string, string[], Task<LookupAnswer?[]>>? OnBatch { get; set; }

    public Dictionary<string, int> Silos { get; } = [];

    public IReadOnlyList<BookGrainKey> Asked
    {
        get
        {
            lock (_lock)
                return [.. _asked.Select(call => call.Grain)];
        }
    }

    public CancellationToken CancellationOf(int call)
    {
        lock (_lock)
            return _asked[call].Cancellation;
    }

    public int SilosOf(string region) => Silos.GetValueOrDefault(region, 1);

    public ValueTask<LookupAnswer> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation)
    {
        lock (_lock)
            _asked.Add((grain, cancellation));
        return Regions.TryGetValue(grain.Region, out var behaviour) ? behaviour(grain, cancellation) : Answers()(grain, cancellation);
    }

    public Task<LookupAnswer?[]> LookupAsync(string region, string[] books, LookupOptions options, CancellationToken cancellation) =>
        OnBatch?.Invoke(region, books) ?? throw new NotSupportedException("These grains are asked for one book at a time; see the tests of the near cache.");

    public Task<EditResult[]> EditAsync(string through, int slot, Edit[] edits, CancellationToken cancellation) =>
        throw new NotSupportedException("These grains are only read; see the tests of the near cache.");

    public static Behaviour Answers(LookupFlags flags = LookupFlags.None) => (grain, _) => ValueTask.FromResult(AnswerOf(grain, flags));

    public static LookupAnswer AnswerOf(BookGrainKey grain, LookupFlags flags = LookupFlags.None) => new(
        new CachedRow(grain.Book, new RowVersion(7, Guid.Empty), BookPayload.Encode(new Book("1984", "George Orwell", 1949))),
        Tier.Silo, grain.Region, $"{grain.Region}-1", TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(1), flags);

    public static Behaviour Fails(Exception error) => (_, _) => ValueTask.FromException<LookupAnswer>(error);

    /// <summary>Never answers, not even when told to stop: a silo that is gone.</summary>
    public static Behaviour Hangs() => (_, _) => new(new TaskCompletionSource<LookupAnswer>().Task);
}
