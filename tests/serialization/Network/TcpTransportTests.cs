using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Transport;
using OrleansCache.TestSupport;

namespace OrleansCache.Engine.Internals.Tests.Network;

/// <summary>Streams of bytes between processes of one machine.</summary>
public sealed class TcpTransportTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("::")]
    public async Task Addresses_beyond_this_machine_are_refused_with_a_word_on_what_to_do(string address)
    {
        var transport = Transport();
        var endpoint = new IPEndPoint(IPAddress.Parse(address), 11111);

        var listening = Assert.Throws<OrleansConfigurationException>(() => transport.Listen(endpoint, _ => { }));
        var connecting = await Assert.ThrowsAsync<ConnectionFailedException>(() => transport.ConnectAsync(endpoint, CancellationToken.None).AsTask());

        Assert.All([listening.Message, connecting.Message], message =>
        {
            Assert.Contains(endpoint.ToString(), message, StringComparison.Ordinal);
            Assert.Contains("microsoft", message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Bytes_arrive_in_both_directions()
    {
        var accepted = Channel.CreateBounded<IDuplexPipe>(1);
        using var listener = Listen(Transport(), pipe => Assert.True(accepted.Writer.TryWrite(pipe)), out var endpoint);

        var here = await Transport().ConnectAsync(endpoint, CancellationToken.None);
        var there = await accepted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Bound);

        await AssertCarriesAsync(here, there);
        await AssertCarriesAsync(there, here);
        await here.Output.CompleteAsync();
        Assert.True((await there.Input.ReadAsync().AsTask().WaitAsync(Eventually.Bound)).IsCompleted);
    }

    [Fact]
    public async Task Connections_are_accepted_while_whoever_started_the_listener_is_busy()
    {
        var accepted = Channel.CreateBounded<IDuplexPipe>(1);
        var own = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new BusyContext());
        IDisposable listener;
        IPEndPoint endpoint;
        try
        {
            listener = Listen(Transport(), pipe => Assert.True(accepted.Writer.TryWrite(pipe)), out endpoint);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(own);
        }

        using (listener)
        {
            var here = await Transport().ConnectAsync(endpoint, CancellationToken.None);
            var there = await accepted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Bound);
            await AssertCarriesAsync(here, there);
        }
    }

    [Fact]
    public async Task A_port_that_nobody_listens_at_is_told_at_once()
    {
        Listen(Transport(), _ => { }, out var endpoint).Dispose();

        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => Transport().ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(Eventually.Bound));

        Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_not_accepted_in_time_fails()
    {
        // Nobody accepts here, and there is room for few who wait.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        var endpoint = (IPEndPoint)deaf.LocalEndPoint!;
        var attempts = new List<Task<IDuplexPipe>>();

        await Eventually.IsTrueAsync(
            () =>
            {
                attempts.Add(Transport().ConnectAsync(endpoint, CancellationToken.None).AsTask());
                _time.Advance(TimeSpan.FromSeconds(0.5));
                return attempts.Exists(attempt => attempt.IsFaulted);
            },
            "an attempt to fail");

        var error = await Assert.ThrowsAsync<ConnectionFailedException>(() => attempts.First(attempt => attempt.IsFaulted));
        Assert.Contains("no answer within", error.Message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(5));
        foreach (var attempt in attempts)
        {
            await Task.WhenAny(attempt).WaitAsync(Eventually.Bound);
            if (attempt.IsCompletedSuccessfully)
                await (await attempt).Output.CompleteAsync();
        }
    }

    [Fact]
    public void A_port_that_is_taken_is_named()
    {
        using var first = Listen(Transport(), _ => { }, out var endpoint);

        var error = Assert.Throws<InvalidOperationException>(() => Transport().Listen(endpoint, _ => { }));

        Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_with_one_connection_does_not_end_the_listener()
    {
        var log = new LogLines();
        var accepted = Channel.CreateBounded<IDuplexPipe>(1);
        var seen = 0;
        using var listener = Listen(Transport(log), pipe => Assert.True(Interlocked.Increment(ref seen) > 1 && accepted.Writer.TryWrite(pipe)), out var endpoint);

        var first = await Transport().ConnectAsync(endpoint, CancellationToken.None);
        Assert.True((await first.Input.ReadAsync().AsTask().WaitAsync(Eventually.Bound)).IsCompleted);
        var second = await Transport().ConnectAsync(endpoint, CancellationToken.None);

        await AssertCarriesAsync(await accepted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Bound), second);
        Assert.Contains(endpoint.ToString(), Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_can_be_used_again_at_once()
    {
        var accepted = Channel.CreateBounded<IDuplexPipe>(1);
        var first = Listen(Transport(), pipe => Assert.True(accepted.Writer.TryWrite(pipe)), out var endpoint);
        var client = await Transport().ConnectAsync(endpoint, CancellationToken.None);
        var server = await accepted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Bound);

        // Whoever closes first keeps the port in memory for a while.
        await server.Output.CompleteAsync();
        first.Dispose();
        Assert.True((await client.Input.ReadAsync().AsTask().WaitAsync(Eventually.Bound)).IsCompleted);

        using var second = Transport().Listen(endpoint, pipe => Assert.True(accepted.Writer.TryWrite(pipe)));
        var again = await Transport().ConnectAsync(endpoint, CancellationToken.None);
        await AssertCarriesAsync(again, await accepted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Bound));
        await client.Output.CompleteAsync();
    }

    private static IDisposable Listen(TcpTransport transport, Action<IDuplexPipe> accept, out IPEndPoint endpoint)
    {
        while (true)
        {
            using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                endpoint = (IPEndPoint)socket.LocalEndPoint!;
            }

            try
            {
                return transport.Listen(endpoint, accept);
            }
            catch (InvalidOperationException)
            {
                // Somebody else has taken it meanwhile.
                continue;
            }
        }
    }

    private static async Task AssertCarriesAsync(IDuplexPipe from, IDuplexPipe to)
    {
        byte[] bytes = [1, 2, 3];
        await from.Output.WriteAsync(bytes);
        var read = await to.Input.ReadAtLeastAsync(bytes.Length).AsTask().WaitAsync(Eventually.Bound);
        Assert.Equal(bytes, System.Buffers.BuffersExtensions.ToArray(read.Buffer));
        to.Input.AdvanceTo(read.Buffer.End);
    }

    private TcpTransport Transport(LogLines? log = null) => new(_time, log is null ? NullLogger<TcpTransport>.Instance : new Logger<TcpTransport>(new LoggerFactory([log])));

    /// <summary>A context that never comes to what it is given.</summary>
    private sealed class BusyContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
