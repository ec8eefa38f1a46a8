using System.Net.Sockets;
using OrleansCache.TestSupport;

namespace OrleansCache.Engine.Internals.Tests.Network;

/// <summary>Whatever somebody sends, it ends his connection with one line in the log, and nobody else notices.</summary>
public sealed class HostileInputTests
{
    /// <summary>What is sent, whether a greeting comes before it, and a part of what the log says.</summary>
    public static TheoryData<string, byte[], bool, string> Inputs => new()
    {
        { "another protocol", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), false, "bytes was announced" },
        { "a huge greeting", RawFrames.Length(int.MaxValue), false, "bytes was announced" },
        { "another version", RawFrames.Frame([1, 99]), false, "version" },
        { "a greeting that ends early", RawFrames.Frame([1, 1, 50]), false, "malformed" },
        { "a frame of negative length", RawFrames.Length(-1), true, "bytes was announced" },
        { "a frame of no length", RawFrames.Length(0), true, "bytes was announced" },
        { "a huge frame", RawFrames.Length(int.MaxValue), true, "bytes was announced" },
        { "an unknown kind", RawFrames.Frame([200, 1, 2, 3]), true, "unknown kind 200" },
        { "a second greeting", RawFrames.Hello, true, "unknown kind" },
        { "a request that ends early", RawFrames.Frame([4, 1, 0]), true, "malformed" },
        { "a silo's address that is none", RawFrames.Frame([7, 1, 65, 1, 65, 1, 65]), true, "closed" },
        { "a number without end", RawFrames.Frame([6, .. Enumerable.Repeat((byte)0xFF, 20)]), true, "malformed" },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Nonsense_ends_its_own_connection_with_one_line_in_the_log(string what, byte[] bytes, bool afterGreeting, string reason)
    {
        await using var silo = await TcpSilo.StartAsync();
        var client = await silo.ConnectAsync();
        var counter = client.GetGrain<ICounterGrain>(what);
        var waiting = counter.Wait();
        using var socket = await silo.ConnectRawAsync();
        var address = socket.LocalEndPoint!.ToString()!;
        if (afterGreeting)
            await RawFrames.GreetAsync(socket);

        await socket.SendAsync(bytes);
        await RawFrames.ReadToEndAsync(socket);

        await counter.Release();
        await waiting.WaitAsync(Eventually.Bound);
        Assert.Equal(1, await counter.Add());
        await Eventually.IsTrueAsync(() => silo.Log.All.Count > 0, "a line in the log");
        var line = Assert.Single(silo.Log.All);
        Assert.Contains(address, line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_greeting_that_breaks_off_ends_its_connection()
    {
        await using var silo = await TcpSilo.StartAsync();
        using var socket = await silo.ConnectRawAsync();

        await socket.SendAsync(RawFrames.Hello.AsMemory(0, 7));
        socket.Shutdown(SocketShutdown.Send);
        await RawFrames.ReadToEndAsync(socket);

        await Eventually.IsTrueAsync(() => silo.Log.All.Count > 0, "a line in the log");
        Assert.Contains(socket.LocalEndPoint!.ToString()!, Assert.Single(silo.Log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_greeting_that_never_comes_is_not_waited_for()
    {
        var time = new ManualTimeProvider();
        await using var silo = await TcpSilo.StartAsync(time);
        using var socket = await silo.ConnectRawAsync();
        await socket.SendAsync(RawFrames.Hello.AsMemory(0, 3));

        var closed = RawFrames.ReadToEndAsync(socket);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return closed.IsCompleted;
            },
            "the silo to give up");

        Assert.True(time.Elapsed >= TimeSpan.FromSeconds(10), $"It was given up after {time.Elapsed}.");
        await Eventually.IsTrueAsync(() => silo.Log.All.Count > 0, "a line in the log");
        Assert.Contains("no greeting", Assert.Single(silo.Log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_frame_and_then_silence_keeps_nobody_else_waiting()
    {
        var silo = await TcpSilo.StartAsync();
        using var socket = await silo.ConnectRawAsync();
        await RawFrames.GreetAsync(socket);
        await socket.SendAsync(RawFrames.Length(1_000_000));
        await socket.SendAsync(new byte[1_000]);

        var client = await silo.ConnectAsync();
        Assert.Equal(1, await client.GetGrain<ICounterGrain>("counter").Add().WaitAsync(Eventually.Bound));

        var closed = RawFrames.ReadToEndAsync(socket);
        await silo.DisposeAsync().AsTask().WaitAsync(Eventually.Bound);
        await closed;
    }

    [Fact]
    public async Task A_client_that_sends_no_more_is_let_go()
    {
        await using var silo = await TcpSilo.StartAsync();
        using var socket = await silo.ConnectRawAsync();
        await RawFrames.GreetAsync(socket);

        socket.Shutdown(SocketShutdown.Send);

        await RawFrames.ReadToEndAsync(socket);
        Assert.Empty(silo.Log.All);
    }
}
