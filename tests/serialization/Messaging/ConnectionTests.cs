using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Internals.Tests.Network;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;
using OrleansCache.TestSupport;

namespace OrleansCache.Engine.Internals.Tests.Messaging;

/// <summary>What a connection owes to the calls that go through it.</summary>
public sealed class ConnectionTests
{
    private const int Relayed = 500_000;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly CallTimeouts _timeouts = new(TimeProvider.System);
    private readonly WireSerializer _serializer = new(new ReferenceCodec(), EngineCodecs.All);

    [Fact]
    public async Task Two_connections_that_pass_one_way_calls_to_each_other_do_not_block_each_other()
    {
        var (one, _) = Open(1 << 20);
        var (other, _) = Open(1 << 20);

        await Task.WhenAll(
            Task.Run(() => RelayAsync(one, other, 0)),
            Task.Run(() => RelayAsync(other, one, 0)),
            Task.Run(() => RelayAsync(one, other, Relayed)),
            Task.Run(() => RelayAsync(other, one, Relayed))).WaitAsync(Bound);

        one.Close();
        other.Close();
    }

    [Fact]
    public async Task An_error_that_is_too_large_to_be_sent_is_answered_by_one_that_says_so()
    {
        var (here, there) = Open(2_000);
        var request = new LooseCall();
        Assert.True(await there.SendAsync(request));
        var call = Relay(here, 1, isOneWay: false);

        call.Fail(new InvalidOperationException(new string('x', 10_000)));

        await here.DrainAsync(CancellationToken.None).WaitAsync(Bound);
        await request.Answered.WaitAsync(Bound);
        here.Close();
    }

    [Fact]
    public async Task A_call_that_nobody_waits_for_any_more_is_not_kept_for_its_answer()
    {
        var (here, _) = Open(1 << 20);
        var call = new LooseCall { HasEnded = true };
        Assert.True(await here.SendAsync(call));

        // Closing fails all calls whose answers are still expected.
        here.Close();

        Assert.False(call.Failed.IsCompleted);
    }

    [Fact]
    public async Task A_peer_that_leaves_too_many_answers_unread_is_cut_off()
    {
        var log = new LogLines();
        var connection = OpenToNobody(new ManualTimeProvider(), log, out _);
        var answer = new byte[1 << 20];

        // A bound on what is asked of it, so that the test ends when the connection has none.
        for (var sent = 0L; sent < 2L * Connection.MostUnsent && !connection.IsClosed; sent += answer.Length)
            connection.SendAnswer(1, AnswerStatus.Result, new System.Buffers.ReadOnlySequence<byte>(answer));

        Assert.True(connection.IsClosed);
        await connection.Closed.WaitAsync(Bound);
        Assert.Contains("client idle", Assert.Single(log.All), StringComparison.Ordinal);
        Assert.Contains("unread", Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_reads_nothing_for_a_while_is_cut_off()
    {
        var (time, log) = (new ManualTimeProvider(), new LogLines());
        var connection = OpenToNobody(time, log, out _);

        connection.SendAnswer(1, AnswerStatus.Result, new System.Buffers.ReadOnlySequence<byte>(new byte[3 << 20]));

        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return connection.IsClosed;
            },
            "the connection to be closed");
        Assert.True(time.Elapsed >= Connection.StallLimit, $"It was closed after {time.Elapsed}.");
        await connection.Closed.WaitAsync(Bound);
        Assert.Contains("not read", Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounded_number_of_requests_waits_for_a_peer_that_does_not_read()
    {
        var connection = OpenToNobody(new ManualTimeProvider(), new LogLines(), out var peer);
        connection.SendAnswer(1, AnswerStatus.Result, new System.Buffers.ReadOnlySequence<byte>(new byte[3 << 20]));

        // When some of it has come out, the rest is on its way and the next one has to wait for it.
        await peer.Input.ReadAsync().AsTask().WaitAsync(Bound);
        connection.SendAnswer(1, AnswerStatus.Result, new System.Buffers.ReadOnlySequence<byte>(new byte[Connection.HighWater]));
        var waiting = Enumerable.Range(0, Connection.MostRequests).Select(_ => connection.SendAsync(new LooseCall()).AsTask()).ToList();
        var oneTooMany = new LooseCall();

        Assert.True(await connection.SendAsync(oneTooMany));

        Assert.Contains("slow to read", Assert.IsType<OrleansMessageRejectionException>(await oneTooMany.Failed.WaitAsync(Bound)).Message, StringComparison.Ordinal);
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        connection.Close();
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Bound), Assert.False);
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_a_farewell_is_cut_off()
    {
        var (time, log) = (new ManualTimeProvider(), new LogLines());
        var connection = OpenToNobody(time, log, out _);

        var draining = connection.DrainPeerAsync();
        Assert.False(draining.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));

        await draining.WaitAsync(Bound);
        await connection.Closed.WaitAsync(Bound);
        Assert.Contains("farewell", Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_farewell_waits_for_an_answer_of_its_own_which_says_that_all_before_it_was_read()
    {
        var connection = OpenToNobody(new ManualTimeProvider(), new LogLines(), out var peer);
        byte[] drained = [1, 0, 0, 0, (byte)FrameKind.Drained];
        var first = connection.DrainPeerAsync();
        await peer.Output.WriteAsync(drained);
        await first.WaitAsync(Bound);

        var second = connection.DrainPeerAsync();
        Assert.False(second.IsCompleted);
        await peer.Output.WriteAsync(drained);
        await second.WaitAsync(Bound);

        connection.Close();
    }

    [Fact]
    public async Task A_read_that_was_cancelled_by_its_greetings_time_limit_does_not_end_it()
    {
        var (here, peer) = DuplexPipe.CreatePair();
        here.Input.CancelPendingRead();
        var connection = new Connection(here, new Peer("late", null, "late"), new QuietOwner(), 1 << 20, NullLogger.Instance);
        _ = connection.ReadAsync();

        await peer.Output.WriteAsync(new byte[] { 1, 0, 0, 0, (byte)FrameKind.Draining });

        Assert.False((await peer.Input.ReadAsync().AsTask().WaitAsync(Bound)).Buffer.IsEmpty);
        Assert.True(connection.IsDraining);
        connection.Close();
        await connection.Closed.WaitAsync(Bound);
    }

    [Fact]
    public async Task A_number_that_is_in_use_is_an_error_of_the_peer()
    {
        var (here, there) = Open(1 << 20);
        Relay(here, 1, isOneWay: false);

        Assert.Throws<InvalidDataException>(() => Relay(here, 1, isOneWay: false));

        here.Close();
        await there.Closed.WaitAsync(Bound);
    }

    /// <summary>A connection whose peer neither reads nor writes.</summary>
    private static Connection OpenToNobody(TimeProvider time, LogLines log, out DuplexPipe peer)
    {
        (var here, peer) = DuplexPipe.CreatePair();
        var connection = new Connection(here, new Peer("idle", null, "idle"), new QuietOwner(), 1 << 23, log, time);
        _ = connection.ReadAsync();
        return connection;
    }

    private static (Connection Here, Connection There) Open(int mostFrameBytes)
    {
        var (here, there) = DuplexPipe.CreatePair();
        var owner = new QuietOwner();
        var connections = (
            new Connection(here, new Peer("there", null, null), owner, mostFrameBytes, NullLogger.Instance),
            new Connection(there, new Peer("here", null, null), owner, mostFrameBytes, NullLogger.Instance));
        _ = connections.Item1.ReadAsync();
        _ = connections.Item2.ReadAsync();
        return connections;
    }

    private async Task RelayAsync(Connection origin, Connection onward, long firstId)
    {
        for (var id = firstId; id < firstId + Relayed; id++)
            Assert.True(await onward.SendAsync(Relay(origin, id, isOneWay: true)));
    }

    private RelayedCall Relay(Connection origin, long id, bool isOneWay)
    {
        var header = new RequestHeader(GrainId.Create("some", "grain"), 1, 1, 0, IsPlaced: false, isOneWay, IsCancellable: false, IsAlwaysInterleave: false, Bound);
        var call = new RelayedCall(origin, id, header, null, [], _timeouts.DeadlineIn(Bound), _serializer, _timeouts);
        Assert.True(origin.TryReceive(id, call));
        return call;
    }
}
