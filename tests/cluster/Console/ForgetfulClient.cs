using System.Reflection;

namespace OrleansCache.Tests.Console;

/// <summary>A connected client that can forget which grains there are, as one of Microsoft Orleans does with a cluster that is gone.</summary>
public class ForgetfulClient : DispatchProxy
{
    /// <summary>Whether it has forgotten them.</summary>
    public bool HasForgotten { get; set; }

    public static IClusterClient Create() => Create<IClusterClient, ForgetfulClient>();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        HasForgotten ? throw new ArgumentException("There is no implementation of that interface.") : null;
}
