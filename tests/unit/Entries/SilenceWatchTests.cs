using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using OrleansCache.Connections;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

public sealed class SilenceWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = SilenceWatch.ChecksUntilLost * SilenceWatch.Period;

    private readonly ManualTimeProvider _time = new();
    private readonly Pipe _in = new();
    private readonly Pipe _out = new();
    private readonly DefaultConnectionContext _connection = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    public SilenceWatchTests()
    {
        _connection.Transport = new Duplex(_in.Reader, _out.Writer);
        var builder = new ConnectionBuilder(new NoServices());
        builder.UseSilenceWatch(_time);
        builder.Run(_ => _end.Task);
        _running = builder.Build()(_connection);
    }

    [Fact]
    public async Task A_connection_from_which_nothing_comes_after_something_was_sent_is_given_up()
    {
        await SendAsync();

        _time.Advance(Limit - SilenceWatch.Period);
        Assert.False(IsAborted);
        _time.Advance(SilenceWatch.Period);

        await Eventually.IsTrueAsync(() => IsAborted, "the connection is aborted");
    }

    [Fact]
    public async Task What_comes_begins_the_time_anew()
    {
        await SendAsync();
        _time.Advance(Limit - SilenceWatch.Period);
        await _in.Writer.WriteAsync(new byte[1]);
        Assert.False((await _connection.Transport.Input.ReadAsync()).IsCompleted);

        _time.Advance(Limit);
        Assert.False(IsAborted);

        await SendAsync();
        _time.Advance(Limit);
        await Eventually.IsTrueAsync(() => IsAborted, "the connection is aborted");
    }

    [Fact]
    public void A_connection_on_which_nothing_was_sent_may_be_silent()
    {
        _time.Advance(10 * Limit);

        Assert.False(IsAborted);
    }

    public async ValueTask DisposeAsync()
    {
        _end.SetResult();
        await _running;
        await _connection.DisposeAsync();
    }

    private bool IsAborted => _connection.ConnectionClosed.IsCancellationRequested;

    private async Task SendAsync() => await _connection.Transport.Output.WriteAsync(new byte[1]);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
