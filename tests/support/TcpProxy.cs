using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.TestSupport;

/// <summary>
/// A TCP proxy on the loopback interface whose connections can be made dead: they stay open and transfer nothing, as when a firewall has
/// dropped their state.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Link> _links = [];
    private readonly int _target;
    private readonly Task _accepting;

    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Makes all current connections dead; new ones work.</summary>
    public void LetConnectionsDie()
    {
        foreach (var link in _links)
            link.IsDead = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var link in _links)
            await link.Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            var link = new Link();
            link.Running = RunAsync(client, link);
            _links.Add(link);
        }
    }

    private async Task RunAsync(TcpClient client, Link link)
    {
        using (client)
        {
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), link),
                PumpAsync(server.GetStream(), client.GetStream(), link));
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Link link)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _stopping.Token) is > 0 and var read)
        {
            if (!link.IsDead)
                await to.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
        }
    }

    private sealed class Link
    {
        private volatile bool _isDead;

        public bool IsDead
        {
            get => _isDead;
            set => _isDead = value;
        }

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
