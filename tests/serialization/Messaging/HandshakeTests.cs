using System.IO.Pipelines;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Internals.Tests.Messaging;

/// <summary>Whoever opens a connection is told in one way that it cannot be had, and leaves no stream open.</summary>
public sealed class HandshakeTests
{
    private static readonly Peer Self = new("self", null, "self");
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_peer_that_speaks_something_else_is_a_failed_connection()
    {
        var (here, there) = DuplexPipe.CreatePair();
        await there.Output.WriteAsync(new byte[] { 1, 0, 0, 0, 250 });

        await Assert.ThrowsAsync<ConnectionFailedException>(() => Handshake.OpenAsync(here, "cluster", Self, TimeProvider.System, CancellationToken.None)).WaitAsync(Bound);

        await AssertClosedAsync(there);
    }

    [Fact]
    public async Task A_peer_whose_stream_breaks_is_a_failed_connection()
    {
        var (here, there) = DuplexPipe.CreatePair();
        await there.Output.CompleteAsync(new IOException("The connection was reset."));

        await Assert.ThrowsAsync<ConnectionFailedException>(() => Handshake.OpenAsync(here, "cluster", Self, TimeProvider.System, CancellationToken.None)).WaitAsync(Bound);

        await AssertClosedAsync(there);
    }

    private static async Task AssertClosedAsync(DuplexPipe peer)
    {
        ReadResult read;
        do
        {
            read = await peer.Input.ReadAsync().AsTask().WaitAsync(Bound);
            peer.Input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }
}
