using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using OrleansCache.Connections;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

public sealed class SilenceWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = SilenceWatch.ChecksUntilLost * SilenceWatch.Period;

    private readonly ManualTimeProvider _time = new();
    private readonly List<Connection> _connections = [];
    private readonly SilenceWatch _watch;

    public SilenceWatchTests() => _watch = new(_time);

    [Fact]
    public async Task A_connection_from_whose_peer_nothing_comes_after_something_was_sent_is_given_up()
    {
        var connection = Connect("10.0.0.1");
        await connection.SendAsync();

        _time.Advance(Limit - SilenceWatch.Period);
        Assert.False(connection.IsAborted);
        _time.Advance(SilenceWatch.Period);

        await connection.AbortedAsync();
    }

    [Fact]
    public async Task What_comes_begins_the_time_anew()
    {
        var connection = Connect("10.0.0.1");
        await connection.SendAsync();
        _time.Advance(Limit - SilenceWatch.Period);
        await connection.ReceiveAsync();

        _time.Advance(Limit);
        Assert.False(connection.IsAborted);

        await connection.SendAsync();
        _time.Advance(Limit);
        await connection.AbortedAsync();
    }

    [Fact]
    public void A_connection_on_which_nothing_was_sent_may_be_silent()
    {
        var connection = Connect("10.0.0.1");

        _time.Advance(10 * Limit);

        Assert.False(connection.IsAborted);
    }

    [Fact]
    public async Task What_was_sent_on_one_connection_may_be_answered_on_another_of_the_same_peer()
    {
        var (asks, answers, other) = (Connect("10.0.0.1"), Connect("10.0.0.1", port: 2), Connect("10.0.0.2"));
        await asks.SendAsync();
        await other.SendAsync();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(Limit - SilenceWatch.Period);
            await answers.ReceiveAsync();
        }

        Assert.False(asks.IsAborted);
        await other.AbortedAsync();

        _time.Advance(Limit + SilenceWatch.Period);
        await asks.AbortedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    private Connection Connect(string address, int port = 1)
    {
        var connection = new Connection(_watch, new(IPAddress.Parse(address), port));
        _connections.Add(connection);
        return connection;
    }

    private sealed class Connection : IAsyncDisposable
    {
        private readonly Pipe _in = new();
        private readonly Pipe _out = new();
        private readonly DefaultConnectionContext _context = new();
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _running;

        public Connection(SilenceWatch watch, IPEndPoint remote)
        {
            (_context.Transport, _context.RemoteEndPoint) = (new Duplex(_in.Reader, _out.Writer), remote);
            var builder = new ConnectionBuilder(new NoServices());
            watch.Use(builder);
            builder.Run(_ => _end.Task);
            _running = builder.Build()(_context);
        }

        public bool IsAborted => _context.ConnectionClosed.IsCancellationRequested;

        public Task AbortedAsync() => Eventually.IsTrueAsync(() => IsAborted, "the connection is aborted");

        public async Task SendAsync() => await _context.Transport.Output.WriteAsync(new byte[1]);

        public async Task ReceiveAsync()
        {
            await _in.Writer.WriteAsync(new byte[1]);
            var read = await _context.Transport.Input.ReadAsync();
            _context.Transport.Input.AdvanceTo(read.Buffer.End);
        }

        public async ValueTask DisposeAsync()
        {
            _end.SetResult();
            await _running;
            await _context.DisposeAsync();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
