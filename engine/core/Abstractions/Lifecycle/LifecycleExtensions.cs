using OrleansCache.Engine.Hosting;

namespace Orleans;

/// <summary>Shorter ways to take part in a lifecycle.</summary>
public static class LifecycleExtensions
{
    /// <summary>Takes part in one stage.</summary>
    /// <param name="observable">The lifecycle.</param>
    /// <param name="observerName">Who takes part, for the log.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">Called at the start.</param>
    /// <param name="onStop">Called at the stop.</param>
    public static IDisposable Subscribe(this ILifecycleObservable observable, string observerName, int stage, Func<CancellationToken, Task> onStart, Func<CancellationToken, Task>? onStop)
    {
        ArgumentNullException.ThrowIfNull(observable);
        ArgumentNullException.ThrowIfNull(onStart);
        return observable.Subscribe(observerName, stage, new DelegateObserver(onStart, onStop));
    }

    /// <inheritdoc cref="Subscribe(ILifecycleObservable, string, int, Func{CancellationToken, Task}, Func{CancellationToken, Task}?)"/>
    public static IDisposable Subscribe(this ILifecycleObservable observable, string observerName, int stage, Func<CancellationToken, Task> onStart) =>
        Subscribe(observable, observerName, stage, onStart, null);

    /// <inheritdoc cref="Subscribe(ILifecycleObservable, string, int, Func{CancellationToken, Task}, Func{CancellationToken, Task}?)"/>
    /// <typeparam name="TObserver">Who takes part, for the log.</typeparam>
    public static IDisposable Subscribe<TObserver>(this ILifecycleObservable observable, int stage, Func<CancellationToken, Task> onStart, Func<CancellationToken, Task> onStop) =>
        Subscribe(observable, typeof(TObserver).FullName!, stage, onStart, onStop);

    /// <inheritdoc cref="Subscribe(ILifecycleObservable, string, int, Func{CancellationToken, Task}, Func{CancellationToken, Task}?)"/>
    /// <typeparam name="TObserver">Who takes part, for the log.</typeparam>
    public static IDisposable Subscribe<TObserver>(this ILifecycleObservable observable, int stage, Func<CancellationToken, Task> onStart) =>
        Subscribe(observable, typeof(TObserver).FullName!, stage, onStart, null);
}
