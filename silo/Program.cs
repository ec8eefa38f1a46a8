using OrleansCache.Silo.Startup;

return await new SiloCommand(Console.Out, Console.Error).RunAsync(args).ConfigureAwait(false);
