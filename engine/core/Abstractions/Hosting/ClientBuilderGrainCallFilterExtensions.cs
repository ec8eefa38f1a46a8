using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Engine.Filters;

namespace Orleans.Hosting;

/// <summary>Ways to add filters to a client's calls. Each call goes through them in the order in which they were added.</summary>
public static class ClientBuilderGrainCallFilterExtensions
{
    /// <summary>Adds a filter of the calls that arrive at the client's observers.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="filter">The filter.</param>
    public static IClientBuilder AddIncomingGrainCallFilter(this IClientBuilder builder, IIncomingGrainCallFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.ConfigureServices(services => services.AddSingleton(filter));
    }

    /// <summary>Adds a filter of the calls that arrive at the client's observers.</summary>
    /// <typeparam name="TImplementation">The filter; its constructor may ask for the client's services.</typeparam>
    /// <param name="builder">The client's builder.</param>
    public static IClientBuilder AddIncomingGrainCallFilter<TImplementation>(this IClientBuilder builder)
        where TImplementation : class, IIncomingGrainCallFilter => builder.ConfigureServices(services => services.AddSingleton<IIncomingGrainCallFilter, TImplementation>());

    /// <summary>Adds a filter of the calls that arrive at the client's observers.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="filter">What the filter does.</param>
    public static IClientBuilder AddIncomingGrainCallFilter(this IClientBuilder builder, IncomingGrainCallFilterDelegate filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.AddIncomingGrainCallFilter(new IncomingDelegateFilter(filter));
    }

    /// <summary>Adds a filter of the calls that code of the client makes.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="filter">The filter.</param>
    public static IClientBuilder AddOutgoingGrainCallFilter(this IClientBuilder builder, IOutgoingGrainCallFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.ConfigureServices(services => services.AddSingleton(filter));
    }

    /// <summary>Adds a filter of the calls that code of the client makes.</summary>
    /// <typeparam name="TImplementation">The filter; its constructor may ask for the client's services.</typeparam>
    /// <param name="builder">The client's builder.</param>
    public static IClientBuilder AddOutgoingGrainCallFilter<TImplementation>(this IClientBuilder builder)
        where TImplementation : class, IOutgoingGrainCallFilter => builder.ConfigureServices(services => services.AddSingleton<IOutgoingGrainCallFilter, TImplementation>());

    /// <summary>Adds a filter of the calls that code of the client makes.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="filter">What the filter does.</param>
    public static IClientBuilder AddOutgoingGrainCallFilter(this IClientBuilder builder, OutgoingGrainCallFilterDelegate filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return builder.AddOutgoingGrainCallFilter(new OutgoingDelegateFilter(filter));
    }
}
