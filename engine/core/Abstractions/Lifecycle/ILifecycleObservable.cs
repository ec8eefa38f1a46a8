namespace Orleans;

/// <summary>A start and a stop in stages that others can take part in.</summary>
public interface ILifecycleObservable
{
    /// <summary>Takes part in one stage.</summary>
    /// <param name="observerName">Who takes part, for the log.</param>
    /// <param name="stage">The stage; starts in ascending, stops in descending order.</param>
    /// <param name="observer">What is called.</param>
    /// <returns>Ends taking part when disposed.</returns>
    IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
}
