namespace OrleansCache.Engine.References;

/// <summary>An interface as this host calls it: the methods in the order of its proxy's.</summary>
internal sealed record InterfaceShape(string Name, MethodShape[] Methods, ProxyType Proxy);
