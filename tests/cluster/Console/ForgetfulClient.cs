using System.Reflection;

namespace OrleansCache.Tests.Console;

/// <summary>A connected client that can lose its list of grains, like an Orleans client whose cluster is gone.</summary>
public class ForgetfulClient : DispatchProxy
{
    /// <summary>Whether it has lost the list.</summary>
    public bool HasForgotten { get; set; }

    public static IClusterClient Create() => Create<IClusterClient, ForgetfulClient>();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => HasForgotten
        ? throw new ArgumentException("There is no implementation of that interface.")
        : targetMethod?.ReturnType == typeof(IHealthGrain) ? DispatchProxy.Create<IHealthGrain, HealthyGrain>() : null;
}

/// <summary>The health grain of a silo that is well.</summary>
public class HealthyGrain : DispatchProxy
{
    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        Task.FromResult(new SiloHealth("europe.1", "europe", true, TimeSpan.Zero));
}
