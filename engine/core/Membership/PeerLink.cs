using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Membership;

/// <summary>A connection to another silo, from the first attempt to open it.</summary>
internal sealed class PeerLink(Func<CancellationToken, Task<Connection>> open)
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private volatile Connection? _connection;
    private Task<Connection>? _opening;

    /// <summary>The connection, once it is open and until it ends.</summary>
    public Connection? Current => _connection is { IsClosed: false } connection ? connection : null;

    /// <summary>Opens the connection; whoever asks while it is being opened gets the same one.</summary>
    /// <exception cref="OperationCanceledException">The link was closed meanwhile.</exception>
    public Task<Connection> OpenAsync()
    {
        lock (_gate) return _opening ??= OpenOnceAsync();
    }

    /// <summary>Closes the connection, also when it is only being opened.</summary>
    public async Task CloseAsync()
    {
        await _closing.CancelAsync();
        Task? opening;
        lock (_gate) opening = _opening;
        if (opening is null) return;
        await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connection?.Close();
    }

    private async Task<Connection> OpenOnceAsync()
    {
        var connection = await open(_closing.Token);
        _connection = connection;
        return connection;
    }
}
