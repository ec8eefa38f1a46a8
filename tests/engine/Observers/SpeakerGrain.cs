using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Observers;

/// <inheritdoc cref="ISpeakerGrain"/>
[PlaceByKey]
public sealed class SpeakerGrain : Grain, ISpeakerGrain
{
    private readonly List<IListener> _listeners = [];

    /// <inheritdoc/>
    public Task Add(IListener listener)
    {
        _listeners.Add(listener);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> Remove(IListener listener) => Task.FromResult(_listeners.Remove(listener));

    /// <inheritdoc/>
    public async Task<List<string>> AskAll(string question) => [.. await Task.WhenAll(_listeners.Select(listener => listener.Ask(question)))];

    /// <inheritdoc/>
    public Task AskInVain(string question) => _listeners[0].AskInVain(question);

    /// <inheritdoc/>
    public async Task<string> AskBriefly(string question)
    {
        try
        {
            return await _listeners[0].AskBriefly(question);
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    /// <inheritdoc/>
    public Task TellAll(string news) => Task.WhenAll(_listeners.Select(listener => listener.Tell(news)));
}
