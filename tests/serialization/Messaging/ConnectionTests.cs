using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

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
