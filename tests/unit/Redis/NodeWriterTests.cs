using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Diagnostics;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Topology;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Redis;

/// <summary>The queue of writes to a node that does not answer, that answers late, and that fails as no node should.</summary>
public sealed class NodeWriterTests : IAsyncLifetime
{
    private readonly FakeNodeFactory _factory = new();
    private readonly ManualClock _clock = new();
    private readonly SiloCounters _counters = new();
    private readonly RegionRoutes _routes;
    private readonly NodeWriter _writer;
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeWriterTests()
    {
        _routes = new("europe", _factory, TimeSpan.FromMinutes(10), _clock);
        _routes.Take(new("europe", 1, [new("one", "memory:one")], []));
        _writer = new(_routes, _counters, _clock, NullLogger<NodeWriter>.Instance);
    }

    private FakeNode Node => _factory.Made.Single();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _routes.DisposeAsync();
    }

    [Fact]
    public async Task What_waits_for_a_node_that_does_not_answer_is_bounded_in_bytes()
    {
        Node.Write = (_, _) => _answer.Task;
        const int size = BookPayload.MaxBytes;

        for (var i = 0; i < 1_000; i++)
        {
            _writer.Enqueue(Row(i, size), _clock.Now + 60_000, overwrite: false);
            Assert.InRange(_writer.Bytes, 0, NodeWriter.MaxBytes);
        }

        Assert.Equal(NodeWriter.MaxBytes, _writer.Bytes);
        Assert.Equal(1_000 - (NodeWriter.MaxBytes / size), _counters.NodeWritesDropped);
        _answer.SetResult();
        await Eventually.IsTrueAsync(() => _writer.Bytes == 0, "all are written");
        _writer.Enqueue(Row(0, size), _clock.Now + 60_000, overwrite: false);
        Assert.Equal(1_000 - (NodeWriter.MaxBytes / size), _counters.NodeWritesDropped);
    }

    [Fact]
    public async Task What_has_waited_lives_no_longer_and_what_has_ended_is_not_written()
    {
        var written = new List<(string Key, TimeSpan TimeToLive)>();
        var isFirst = 8;
        Node.Write = async (row, timeToLive) =>
        {
            if (Interlocked.Decrement(ref isFirst) >= 0)
                await _answer.Task;
            lock (written)
                written.Add((row.Key, timeToLive));
        };
        // As many as are written at a time.
        for (var i = 0; i < 8; i++)
            _writer.Enqueue(Row(i, 10), _clock.Now + 60_000, overwrite: false);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref isFirst) == 0, "the node does not answer");
        _writer.Enqueue(Row(8, 10), _clock.Now + 1_000, overwrite: false);
        _writer.Enqueue(Row(9, 10), _clock.Now + 5_000, overwrite: false);

        _clock.Advance(TimeSpan.FromSeconds(2));
        _answer.SetResult();

        await Eventually.IsTrueAsync(() => _writer.Bytes == 0, "all are written");
        Assert.DoesNotContain(written, write => write.Key == "book::8");
        Assert.Contains(("book::9", TimeSpan.FromSeconds(3)), written);
    }

    [Fact]
    public async Task A_failure_that_no_node_should_have_ends_no_writer()
    {
        Node.Write = (_, _) => throw new InvalidOperationException("a mistake");
        for (var i = 0; i < 20; i++)
            _writer.Enqueue(Row(i, 10), _clock.Now + 60_000, overwrite: false);
        await Eventually.IsTrueAsync(() => _writer.Bytes == 0, "all have failed");
        var written = 0;
        Node.Write = (_, _) => Task.FromResult(Interlocked.Increment(ref written));

        _writer.Enqueue(Row(20, 10), _clock.Now + 60_000, overwrite: false);

        await Eventually.IsTrueAsync(() => Volatile.Read(ref written) == 1, "the next is written");
    }

    private static CachedRow Row(int number, int bytes) => new($"book::{number}", new(1, Guid.NewGuid()), new byte[bytes]);
}
